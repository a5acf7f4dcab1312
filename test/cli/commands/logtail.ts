import {appendFileSync, mkdirSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {run, type Scene, start} from '../../helpers/fake-system.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';
import {waitFor} from '../../helpers/wait-for.js';

const folderWith = (t: ExecutionContext<unknown>, files: Record<string, string>): string => {
	const folder = temporaryFolder(t);
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		writeFileSync(path.join(folder, name), text);
	}
	return folder;
};

/** What `logtail` has printed once it shows the expected end; then it is interrupted. */
const tail = async (
	words: readonly string[],
	scene: Scene,
	end: string,
	meanwhile = () => {},
): Promise<string> => {
	const {system, ended} = start(words, scene);
	await waitFor('the first lines', () => system.written.stdout !== '');
	meanwhile();
	await waitFor(end, () => system.written.stdout.endsWith(end));
	const before = system.written.stdout;
	system.interrupt();
	const {code, stdout} = await ended;
	if (code !== 0 || stdout !== `${before}\n`) throw new Error(`ended with ${code}: ${stdout}`);
	return before;
};

const numbers = Array.from({length: 25}, (_, index) => `line ${index + 1}\n`);

test('the last ten lines come first', async t => {
	const cwd = folderWith(t, {log: numbers.join('')});
	t.is(await tail(['logtail', 'log'], {cwd}, 'line 25\n'), numbers.slice(-10).join(''));
});

test('another number of lines may be asked for', async t => {
	const cwd = folderWith(t, {'two words': numbers.join('')});
	const words = ['logtail', '-n', '2', 'two words'];
	t.is(await tail(words, {cwd}, 'line 25\n'), 'line 24\nline 25\n');
	t.is(await tail(['logtail', '-n1', 'two', 'words'], {cwd}, 'line 25\n'), 'line 25\n');
});

test('defect 11: what is written later follows, also after a rotation', async t => {
	const cwd = folderWith(t, {log: 'old\n'});
	const log = path.join(cwd, 'log');
	const shown = await tail(['logtail', 'log'], {cwd}, 'third\n', () => {
		appendFileSync(log, 'second\n');
		renameSync(log, `${log}.1`);
		writeFileSync(log, 'third\n');
	});
	t.is(shown, 'old\nsecond\nthird\n');
});

test('the default is the logfile', async t => {
	const cwd = folderWith(t, {log: 'x\n', transcript: 'y\n'});
	t.is(await tail(['-l', 'log', '-t', 'transcript', 'logtail'], {cwd}, '\n'), 'x\n');
});

test('the second default is the transcript, in the folder of the program', async t => {
	const cwd = folderWith(t, {transcript: 'x\n', 'zeo/transcript': 'y\n'});
	const words = ['-z', '/srv/zeo', '-t', path.join(cwd, 'zeo/transcript'), 'logtail'];
	t.is(await tail(words, {cwd}, '\n'), 'y\n');
});

test('without any default it is a usage error, in zdaemon’s words', async t => {
	t.deepEqual(await run(['logtail']), {
		code: 2,
		stdout: 'No default log file specified; use logtail <logfile>\n',
		stderr: '',
	});
});

test('an empty default is none', async t => {
	const stdout = 'No default log file specified; use logtail <logfile>\n';
	t.deepEqual(await run(['-l', '', 'logtail']), {code: 2, stdout, stderr: ''});
});

test('it ends when nobody reads its output any more, also while nothing is written', async t => {
	const cwd = folderWith(t, {log: 'x\n'});
	const {system, ended} = start(['logtail', 'log'], {cwd});
	await waitFor('the line', () => system.written.stdout === 'x\n');
	system.leave();
	t.deepEqual(await ended, {code: 0, stdout: 'x\n', stderr: ''});
});

test('a default file that is not there is waited for, and it says for which', async t => {
	const cwd = folderWith(t, {});
	const {system, ended} = start(['-l', 'log', 'logtail'], {cwd});
	await waitFor('the notice', () => system.written.stderr !== '');
	t.is(system.written.stderr, 'waiting for log, which does not exist yet\n');
	writeFileSync(path.join(cwd, 'log'), 'x\n');
	await waitFor('the line', () => system.written.stdout === 'x\n');
	system.interrupt();
	t.is((await ended).code, 0);
});

test('a terminal is not confused by a log', async t => {
	const cwd = folderWith(t, {log: 'a\u001b[2Jb\u0007\n'});
	t.is(await tail(['logtail', 'log'], {cwd, terminal: true}, '\n'), 'ab\\x07\n');
	t.is(await tail(['logtail', 'log'], {cwd}, '\n'), 'a\u001b[2Jb\u0007\n');
});

const refuses = test.macro(async (t, words: readonly string[], code: number, message: string) => {
	const cwd = folderWith(t, {'folder/x': ''});
	const {stdout, stderr, ...ended} = await run(['logtail', ...words], {cwd});
	t.is(stdout, '');
	t.true(stderr.startsWith(`Error: ${message}\n`), stderr);
	t.is(ended.code, code);
});

test('no such file', refuses, ['nofile'], 1, "cannot read 'nofile': no such file");
test('a file that is not there says where to look', async t => {
	const cwd = folderWith(t, {});
	const {stderr} = await run(['logtail', 'gone/nofile'], {cwd});
	t.true(stderr.endsWith(`\nnext: ls ${cwd}\n`), stderr);
});
test('a folder', refuses, ['folder'], 1, "cannot read 'folder': not a regular file");
test('a device', refuses, ['/dev/null'], 1, "cannot read '/dev/null': not a regular file");
test('no number of lines', refuses, ['-n', 'x'], 2, "cannot show 'x' lines: not a number");
test('a number of lines that is missing', refuses, ['-n'], 2, "cannot show '' lines: not a number");
