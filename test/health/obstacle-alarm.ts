import test from 'ava';
import {findObstacleAlarms} from '../../src/health/obstacle-alarm.js';

const command = ['zeoctl', '-C', "/srv/it's.conf"];

test('where nothing is in the way of a start there is no alarm', t => {
	t.deepEqual(findObstacleAlarms(undefined, command), []);
});

test('what is in the way of a start is told with the command that finds no more of it', t => {
	const [alarm, ...others] = findObstacleAlarms('zeo.conf:3: unknown key', command);
	t.deepEqual(others, []);
	t.like(alarm, {alarm: 'no-restart', level: 'alarm'});
	t.regex(alarm?.text ?? '', /could not be started again: zeo\.conf:3: unknown key$/);
	t.regex(alarm?.advice ?? '', /zeoctl -C '\/srv\/it'\\''s\.conf' check/);
});
