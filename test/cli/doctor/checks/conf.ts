import test from 'ava';
import {examination, repairs} from '../../../helpers/examined.js';

const runner = (more: string): string =>
	`<runner>\n  program {folder}/runzeo -C {folder}/zeo.conf\n  socket-name sock\n${more}</runner>\n`;

test('a conf without mistakes', async t => {
	const {levels} = examination(t);
	t.deepEqual(await levels('mistakes'), ['ok: ./z.conf, ./zeo.conf: no errors']);
	t.deepEqual(await levels('dead-keys'), ['ok: every key does something']);
	t.deepEqual(await levels('doubts'), ['ok: nothing looks like a slip']);
});

test('a mistake is an error, and check tells more; the rest is looked at all the same', async t => {
	const {levels, findings} = examination(t, {conf: runner('  umsk 22\n')});
	t.deepEqual(await levels('mistakes'), ["error: ./z.conf:4: 'umsk' is not a known key name"]);
	const [finding] = await findings('mistakes');
	t.is(finding?.command, 'zeoctl -C z.conf check');
	t.regex(finding?.advice ?? '', /umask/);
	t.deepEqual(await levels('executable'), ['ok: ./runzeo']);
});

test('a conf that is not there is an error', async t => {
	const {levels} = examination(t, {conf: '%include nothing.conf\n'});
	t.regex((await levels('mistakes'))[0] ?? '', /^error: .*nothing\.conf/);
});

test('a mistake in the conf of the server is one, too', async t => {
	const {levels} = examination(t, {
		server: '<zeo>\n  address 8100\n</zeo>\n<filestorge main>\n</filestorge>\n',
	});
	t.regex((await levels('mistakes')).join('\n'), /^error: \.\/zeo\.conf:4: .*filestorge/m);
	t.deepEqual(await levels('answers'), ['unknown: the conf of the server does not tell enough']);
});

test('a key that ZEO has dropped, and one that does nothing, are told with migrate', async t => {
	const {levels, findings} = examination(t, {
		conf: runner('  python {folder}/runzeo\n'),
		server:
			'<zeo>\n  address 1\n  monitor-address 2\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n</filestorage>\n',
	});
	t.deepEqual(await levels('dead-keys'), [
		"warning: ./z.conf:4: 'python' has no effect: the supervisor does not run in Python",
		"error: ./zeo.conf:3: 'monitor-address' is not a known key name",
	]);
	t.is((await findings('dead-keys'))[1]?.command, 'zeoctl -C z.conf migrate --write');
	t.false((await levels('mistakes')).join().includes('monitor-address'));
});

test('what is hardly meant so is a warning', async t => {
	const {levels} = examination(t, {conf: `${runner('')}<pack other>\n</pack>\n`});
	t.regex((await levels('doubts'))[0] ?? '', /^warning: .*<pack other> packs nothing/);
});

test('a folder that is missing is made by the command', async t => {
	const found = examination(t, {conf: runner('  transcript {folder}/log/out.log\n')});
	await repairs(t, found, 'mistakes', /^error: .*z\.conf:4: The directory named/);
	t.regex((await found.levels('log-folders')).join(), /^ok: .*\.\/log/);
});

test('a program that is no server has nothing of what servers have', async t => {
	const {levels} = examination(t, {conf: '<runner>\n  program sleep 1\n</runner>\n'});
	for (const name of ['answers', 'event-log', 'transaction-timeout', 'content'])
		t.deepEqual(await levels(name), ['idle: the program is no ZEO server']);
});

test('a conf that does not even name a program does not tell enough', async t => {
	const {levels} = examination(t, {conf: '<runner>\n  socket-name sock\n</runner>\n'});
	t.regex((await levels('mistakes'))[0] ?? '', /^error: /);
	t.deepEqual(await levels('executable'), ['unknown: the conf does not tell enough']);
	t.regex((await levels('node'))[0] ?? '', /^ok: Node /);
});

test('a section that only the supervisor does not heed stays', async t => {
	const notifier =
		'<eventlog>\n  <email-notifier>\n    from a@example.org\n    to b@example.org\n    subject x\n  </email-notifier>\n</eventlog>\n';
	const [finding] = await examination(t, {conf: `${runner('')}${notifier}`}).findings('dead-keys');
	t.is(finding?.level, 'warning');
	t.is(finding?.command, undefined);
});
