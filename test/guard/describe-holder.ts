import test from 'ava';
import {renderDuration, renderHolder} from '../../src/guard/describe-holder.js';

const holder = {
	visible: true,
	pid: 4711,
	argv: ['/srv/bin/python', '/srv/bin/runzeo', '-C', '/srv/my conf'],
	uid: 1000,
	user: 'zope',
	startedAt: 1000,
	startTicks: 1,
	bootId: '',
	showsFiles: true,
} as const;

test('a visible holder is told by pid, user, age and a command to paste', t => {
	t.is(
		renderHolder(holder, 1000 + 3 * 86_400 + 5),
		"process 4711 of user zope, running for 3 days: /srv/bin/python /srv/bin/runzeo -C '/srv/my conf'",
	);
});

test('a long command is cut', t => {
	const line = renderHolder({...holder, argv: ['x'.repeat(5000)]}, 1000);
	t.true(line.length < 300 && line.endsWith('x...'));
});

test('of a hidden holder is told what shows', t => {
	t.is(
		renderHolder({visible: false, pid: undefined, uid: 33}, 0),
		'a process of user id 33 that is not visible to this user',
	);
	t.is(
		renderHolder({visible: false, pid: 12, uid: undefined}, 0),
		'a process 12 that is not visible to this user',
	);
});

for (const [seconds, text] of [
	[-5, '0 seconds'],
	[0.4, '0 seconds'],
	[1, '1 second'],
	[59.9, '59 seconds'],
	[60, '1 minute'],
	[7199, '1 hour'],
	[86_400 * 400, '400 days'],
] as const) {
	test(`${seconds} seconds are ${text}`, t => {
		t.is(renderDuration(seconds), text);
	});
}
