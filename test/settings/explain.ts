import test from 'ava';
import {
	explainOrigin,
	explainProblem,
	explainSettings,
	pathOfUrl,
} from '../../src/settings/explain.js';
import {settingsOf} from '../helpers/read-text.js';

test('an origin is told in a few words', t => {
	t.is(explainOrigin({from: 'flag', flag: '-b'}), 'flag -b');
	t.is(
		explainOrigin({from: 'file', url: 'file:///etc/my%20zeo.conf', line: 7}),
		'/etc/my zeo.conf:7',
	);
	t.is(explainOrigin({from: 'default'}), 'default');
});

test('every value of the runner is explained', t => {
	const text = '<runner>\nprogram x\numask 077\n</runner>';
	const explained = explainSettings(settingsOf(text, {}, {forever: true}));
	const byKey = new Map(explained.map(({key, origin}) => [key, origin]));
	t.is(byKey.get('program'), '/etc/x.conf:2');
	t.is(byKey.get('umask'), '/etc/x.conf:3');
	t.is(byKey.get('forever'), 'flag -f');
	t.is(byKey.get('stop-timeout'), 'default');
});

test('a mistake is told with its place, as far as that is known', t => {
	const problem = {
		message: 'no',
		style: 'none',
		url: 'file:///etc/my%20zeo.conf',
		line: 7,
	} as const;
	t.is(explainProblem(problem), '/etc/my zeo.conf:7: no');
	t.is(explainProblem({...problem, line: undefined}), '/etc/my zeo.conf: no');
	t.is(explainProblem({...problem, url: undefined, line: undefined}), 'command line: no');
});

test('what is no file stays a URL', t => {
	t.is(pathOfUrl('http://x/y'), 'http://x/y');
	t.is(pathOfUrl('/x y'), '/x y');
});
