import test from 'ava';
import {
	judgeDrift,
	judgePrograms,
	judgeStopTime,
} from '../../../../src/cli/doctor/checks/service.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import {examination} from '../../../helpers/examined.js';

const zeoctlAsRoot = (...words: readonly string[]): string => ['zeoctl', ...words].join(' ');

test('an instance that is no service', async t => {
	const {levels} = examination(t);
	for (const name of ['drift', 'programs', 'boot', 'stop-time', 'one-starter'])
		t.regex((await levels(name)).join(), /^idle: /);
});

test('what differs or is missing is installed again', t => {
	const found = judgeDrift(
		[
			{file: '/etc/a', state: 'same'},
			{file: '/etc/b', state: 'differs'},
			{file: '/etc/c', state: 'missing'},
			{file: '/etc/d', state: 'surplus'},
			{file: '/etc/e', state: 'edited'},
		],
		zeoctlAsRoot,
	);
	t.deepEqual(
		found.map(({level, command}) => [level, command]),
		[
			['warning', 'zeoctl install'],
			['warning', 'zeoctl install'],
			['warning', 'zeoctl uninstall --dry-run'],
			['warning', 'zeoctl install --replace'],
		],
	);
});

test('a unit that names what is not there', t => {
	const text =
		'[Service]\nWorkingDirectory=/srv/shop\nExecStart=-/opt/launcher /usr/bin/node /opt/z.cjs -C /srv/z.conf\n';
	const all = new Set(['/srv/shop', '/opt/launcher', '/usr/bin/node', '/opt/z.cjs']);
	t.is(judgePrograms('/u', text, file => all.has(file))[0]?.level, 'ok');
	all.delete('/usr/bin/node');
	const [finding] = judgePrograms('/u', text, file => all.has(file));
	t.like(finding, {level: 'error', message: "/u names '/usr/bin/node', which does not exist"});
});

const stop = test.macro((t, given: number | undefined, expected: Level) => {
	t.is(judgeStopTime(given, {needed: 900, remedy: {command: 'x'}})[0]?.level, expected);
});

test('time enough for a stop during a pack', stop, 960, 'ok');
test('all the time', stop, Number.POSITIVE_INFINITY, 'ok');
test('less than a stop may take', stop, 300, 'error');
test('the default of systemd is less', stop, undefined, 'error');

const unit = '[Service]\nExecStart=/bin/sh\nTimeoutStopSec=5\n';

test('an installed unit that somebody else has made, too short for a stop', async t => {
	const conf =
		'<runner>\n  program {folder}/runzeo\n  user daemon\n  socket-name {folder}/sock\n</runner>\n';
	const {levels, write} = examination(t, {conf});
	write('systemd/system/zeo-z.service', unit);
	t.regex((await levels('drift')).join(), /^warning: .*zeo-z\.service was not made by zeoctl/);
	t.regex((await levels('stop-time')).join(), /^error: systemd kills everything 5 s after a stop/);
});
