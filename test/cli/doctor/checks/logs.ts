import {userInfo} from 'node:os';
import test from 'ava';
import {judgeRotators} from '../../../../src/cli/doctor/checks/log-rotators.js';
import {judgeFileSystem, judgeTranscript} from '../../../../src/cli/doctor/checks/logs.js';
import {parseLogrotate} from '../../../../src/cli/doctor/logrotate.js';
import {examination} from '../../../helpers/examined.js';

const serverWith = (eventlog: string): string =>
	`<zeo>\n  address 1\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n</filestorage>\n${eventlog}`;
const logTo = (more = ''): string =>
	`<eventlog>\n  <logfile>\n    path {folder}/zeo.log\n${more}  </logfile>\n</eventlog>\n`;

test('a server without a log of its own', async t => {
	t.regex(
		(await examination(t).levels('event-log')).join(),
		/^warning: the server has no <eventlog>/,
	);
	const {levels} = examination(t, {server: serverWith(logTo())});
	t.deepEqual(await levels('event-log'), ['ok: ./zeo.log']);
});

test('a log that nobody rotates', async t => {
	const conf = `<runner>\n  user ${userInfo().username}\n  program {folder}/runzeo -C {folder}/zeo.conf\n  socket-name sock\n</runner>\n`;
	const {levels, findings} = examination(t, {conf, server: serverWith(logTo())});
	t.deepEqual(await levels('rotation'), ["warning: nobody rotates './zeo.log'"]);
	t.is(
		(await findings('rotation'))[0]?.command,
		'sudo zeoctl -C z.conf generate logrotate --to /etc',
	);
});

test('logrotate is no command for a conf without a user, for which its file cannot be made', async t => {
	const [finding] = await examination(t, {server: serverWith(logTo())}).findings('rotation');
	t.regex(finding?.message ?? '', /^nobody rotates/);
	t.is(finding?.command, undefined);
	t.regex(finding?.advice ?? '', /^add "max-size 10MB"/);
});

test('a log that logrotate takes care of', async t => {
	const {levels, write} = examination(t, {server: serverWith(logTo())});
	write('logrotate.d/zeo', '{folder}/*.log {\n  weekly\n}\n');
	t.deepEqual(await levels('rotation'), ['ok: ./zeo.log']);
	t.deepEqual(await levels('one-rotator'), ['ok: nobody is in the way of anybody']);
});

test('a file of logrotate that it passes over', async t => {
	const {levels, write} = examination(t, {server: serverWith(logTo())});
	write('logrotate.d/zeo.dpkg-old', '{folder}/*.log {\n}\n');
	t.regex((await levels('rotation')).join(), /^warning/);
});

test('a log that rotates itself', async t => {
	const server = serverWith(logTo('    max-size 1MB\n    old-files 3\n'));
	const {levels, write} = examination(t, {server});
	t.deepEqual(await levels('rotation'), ['ok: ./zeo.log']);
	write('logrotate.d/zeo', '{folder}/zeo.log {\n}\n');
	t.regex((await levels('one-rotator')).join(), /^error: '\.\/zeo\.log' is rotated twice/);
});

const log = {file: '/l/a.log', rotatesItself: false, isTranscript: false};

test('a log in two files of logrotate, with copytruncate', t => {
	const blocks = [
		...parseLogrotate('/etc/logrotate.d/a', '/l/a.log {\n copytruncate\n}\n'),
		...parseLogrotate('/etc/logrotate.d/b', '/l/*.log {\n}\n'),
	];
	const found = judgeRotators(log, blocks).map(({message}) => message);
	t.is(found.length, 2);
	t.regex(found[0] ?? '', /named twice: in \/etc\/logrotate\.d\/a and in \/etc\/logrotate\.d\/b/);
	t.regex(found[1] ?? '', /copytruncate/);
});

test('a transcript that the supervisor rotates may be given to logrotate', t => {
	const blocks = parseLogrotate('f', '/l/a.log {\n}\n');
	t.deepEqual(judgeRotators({...log, isTranscript: true}, blocks), []);
});

test('two writers of one file', async t => {
	const conf =
		'<runner>\n  program {folder}/runzeo -C {folder}/zeo.conf\n  transcript {folder}/zeo.log\n</runner>\n';
	const {levels} = examination(t, {conf, server: serverWith(logTo())});
	t.regex((await levels('one-writer')).join(), /^warning: .*has two writers/);
});

test('output that is kept nowhere', async t => {
	t.regex((await examination(t).levels('transcript')).join(), /^warning: .*not kept/);
});

test('a transcript in trouble', t => {
	const zeoctl = (...words: readonly string[]): string => words.join(' ');
	const state = {path: '/l/out.log', problem: null, linesLost: 0};
	t.is(judgeTranscript(state, zeoctl)[0]?.level, 'ok');
	t.like(judgeTranscript({...state, problem: 'it was removed'}, zeoctl)[0], {
		level: 'warning',
		command: 'reopen_transcript',
	});
	t.like(judgeTranscript({...state, problem: 'the quota is used up'}, zeoctl)[0], {
		level: 'warning',
		message: '/l/out.log: the quota is used up',
		command: 'df -h /l',
	});
	t.regex(
		judgeTranscript({...state, problem: 'the disk does not answer: a write'}, zeoctl)[0]?.command ??
			'',
		/^dmesg /,
	);
	t.is(judgeTranscript({...state, linesLost: 3}, zeoctl)[0]?.level, 'warning');
});

test('file systems that let a head be removed', t => {
	t.is(judgeFileSystem('/l/a', 'ext4')[0]?.level, 'ok');
	t.is(judgeFileSystem('/l/a', 'xfs')[0]?.level, 'ok');
	t.is(judgeFileSystem('/l/a', 'nfs')[0]?.level, 'warning');
});
