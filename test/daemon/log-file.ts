import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openLogFile} from '../../src/daemon/log-file.js';
import {makeFolderWords} from '../../src/platform/make-folder.js';
import {renderShellCommand} from '../../src/platform/shell-word.js';
import {logFile, openedLog} from '../helpers/event-log.js';
import {fillUp, tinyFileSystem, withoutRoom} from '../helpers/full-device.js';
import {asOrdinaryUser} from '../helpers/ordinary-user.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('a log file is created at once, for its owner and group, and appended to', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	const first = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	t.is(read(file), '');
	t.is(fs.statSync(file).mode & 0o777, 0o640 & ~process.umask());
	first.info('one');
	first.close();
	const second = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	second.info('two');
	t.is(read(file), 'INFO one\nINFO two\n');
});

test('an existing log file keeps its mode', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	fs.writeFileSync(file, 'old\n');
	fs.chmodSync(file, 0o600);
	const log = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	log.info('new');
	t.is(read(file), 'old\nINFO new\n');
	t.is(fs.statSync(file).mode & 0o777, 0o600);
});

test('with delay the file is created by the first record', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file, {delay: true})]});
	t.false(fs.existsSync(file));
	log.info('one');
	t.is(read(file), 'INFO one\n');
});

test('a relative path is fixed when the log is opened', async t => {
	const folder = temporaryFolder(t);
	const relative = path.relative(process.cwd(), path.join(folder, 'event.log'));
	const before = process.cwd();
	const log = await openedLog(t, {level: 0, handlers: [logFile(relative, {delay: true})]});
	process.chdir('/');
	log.info('one');
	process.chdir(before);
	t.is(read(path.join(folder, 'event.log')), 'INFO one\n');
});

test('the encoding of the handler is used', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file, {encoding: 'latin-1'})]});
	log.info('é');
	t.is(fs.readFileSync(file, 'latin1'), 'INFO é\n');
});

test('reopen follows a file that was moved away', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	log.info('one');
	fs.renameSync(file, `${file}.old`);
	log.info('two');
	t.deepEqual(log.reopen(), []);
	log.info('three');
	t.is(read(`${file}.old`), 'INFO one\nINFO two\n');
	t.is(read(file), 'INFO three\n');
});

test('a failed reopen is reported and the old file stays in use', async t => {
	const folder = path.join(temporaryFolder(t), 'logs');
	fs.mkdirSync(folder);
	const file = path.join(folder, 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	fs.renameSync(folder, `${folder}.gone`);
	t.deepEqual(log.reopen(), [`cannot reopen the event log '${file}': no such file or directory`]);
	log.info('still here');
	t.is(read(`${folder}.gone/event.log`), 'INFO still here\n');
});

type Refusal = {
	readonly title: string;
	readonly prepare: (folder: string) => string;
	readonly reason: string;
	readonly hint: (file: string) => string;
};

const refuses = test.macro({
	async exec(t, {prepare, reason, hint}: Refusal) {
		const file = prepare(temporaryFolder(t));
		await t.throwsAsync(openedLog(t, {level: 0, handlers: [logFile(file)]}), {
			code: 'CONFIGURATION',
			message: `cannot open the event log '${file}': ${reason}`,
		});
		const error: unknown = await openedLog(t, {level: 0, handlers: [logFile(file)]}).catch(
			(thrown: unknown) => thrown,
		);
		t.like(error, {hint: hint(file)});
	},
	title: (_, {title}: Refusal) => `${title} is refused at the start`,
});

test(refuses, {
	title: 'a folder that is missing',
	prepare: folder => path.join(folder, 'no such/event.log'),
	reason: 'no such file or directory',
	hint: file => renderShellCommand(makeFolderWords(path.dirname(file))),
});

test(refuses, {
	title: 'a folder in place of a file',
	prepare: folder => folder,
	reason: 'illegal operation on a directory',
	hint: file => `name a file in the log section, such as: path ${file}/event.log`,
});

test(refuses, {
	title: 'a pipe that nobody reads',
	prepare: folder => {
		const pipe = path.join(folder, 'pipe');
		execFileSync('mkfifo', [pipe]);
		return pipe;
	},
	reason: 'nobody reads this pipe',
	hint: () => 'zeoctl check',
});

test('an unknown encoding is refused at the start', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	await t.throwsAsync(openedLog(t, {level: 0, handlers: [logFile(file, {encoding: 'klingon'})]}), {
		message: `cannot open the event log '${file}': unknown encoding: klingon`,
	});
});

test('an impossible rotation is refused at the start', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	await t.throwsAsync(
		openedLog(t, {level: 0, handlers: [logFile(file, {when: 'X', oldFiles: 1})]}),
		{message: `cannot open the event log '${file}': Invalid rollover interval specified: X`},
	);
	t.false(fs.existsSync(file));
});

test('records that a full device refuses are neither thrown nor waited for', async t => {
	const log = await openedLog(t, {level: 0, handlers: [logFile('/dev/full')]});
	t.notThrows(() => log.error('lost'));
});

test('a gap is named once writing works again', async t => {
	const folder = path.join(temporaryFolder(t), 'logs');
	const file = path.join(folder, 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file, {delay: true, level: 40})]});
	log.error('one');
	log.info('not for this handler');
	log.error('two');
	fs.mkdirSync(folder);
	log.error('three');
	log.error('four');
	t.is(
		read(file),
		'WARNING 2 records were lost here: no such file or directory\nERROR three\nERROR four\n',
	);
});

test('a record that was cut short is ended before the next', async t => {
	const file = path.join(temporaryFolder(t), 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	withoutRoom(4, () => log.info('cut'));
	withoutRoom(0, () => log.info('nothing of it'));
	log.info('after');
	t.is(read(file), 'INFO\nWARNING 2 records were lost here: no space left on device\nINFO after\n');
});

test('a folder without permission is refused at the start', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'event.log');
	fs.chmodSync(folder, 0o555);
	const error = t.throws(() => asOrdinaryUser(() => openLogFile(logFile(file), Date.now)));
	fs.chmodSync(folder, 0o755);
	t.is(error.message, `cannot open the event log '${file}': permission denied`);
	t.like(error, {code: 'CONFIGURATION', hint: `ls -ld ${folder} ${file}`});
});

test('a disk that was full costs only the records of that time, and no line is mixed', async t => {
	const folder = tinyFileSystem(t);
	if (folder === undefined) return;
	const file = path.join(folder, 'event.log');
	const log = await openedLog(t, {level: 0, handlers: [logFile(file)]});
	log.info('before');
	const giveBack = fillUp(folder);
	const large = 'x'.repeat(3000);
	log.info(large);
	log.info(large);
	log.info(large);
	giveBack();
	log.info('after');
	const lines = read(file).split('\n');
	t.is(lines[0], 'INFO before');
	t.is(lines[1], `INFO ${large}`);
	t.regex(lines[2] ?? '', /^INFO x+$/);
	t.deepEqual(lines.slice(3), [
		'WARNING 2 records were lost here: no space left on device',
		'INFO after',
		'',
	]);
});
