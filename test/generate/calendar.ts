import {spawnSync} from 'node:child_process';
import test from 'ava';
import {renderCalendar} from '../../src/generate/calendar.js';
import {skip} from '../helpers/python.js';

const calendar = test.macro(
	(t, schedule: string, expected: readonly string[], timeZone?: string) => {
		const rendered = renderCalendar(schedule, timeZone);
		t.deepEqual(rendered, expected);
		const {status, stderr, error} = spawnSync('systemd-analyze', ['calendar', ...rendered]);
		if (error) skip(t, 'systemd-analyze is not installed');
		else t.is(status, 0, String(stderr));
	},
);

test('a weekly time', calendar, '17 3 * * 0', ['Sun *-*-* 03:17:00']);
test('Sunday is 7, too', calendar, '17 3 * * 7', ['Sun *-*-* 03:17:00']);
test('a time zone', calendar, '17 3 * * *', ['*-*-* 03:17:00 Europe/Paris'], 'Europe/Paris');
test('steps and lists', calendar, '*/20 1,13 * jan-mar 1-3', [
	'Mon,Tue,Wed *-01,02,03-* 01,13:00,20,40:00',
]);
test('a day of either kind', calendar, '0 4 1,15 * fri', [
	'*-*-01,15 04:00:00',
	'Fri *-*-* 04:00:00',
]);
test('every minute', calendar, '* * * * *', ['*-*-* *:*:00']);
