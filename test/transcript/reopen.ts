import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {reopenTranscript} from '../../src/transcript/reopen.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {openFolder, waitFor} from '../helpers/transcript.js';

const at = new Date(2026, 10, 23, 1, 2, 3);

const openLog = (t: ExecutionContext, parent?: string) => {
	const place = openFolder(t, parent);
	const descriptor = openTranscript({path: place.log, umask: 0o022});
	t.teardown(() => fs.closeSync(descriptor));
	const reopen = () =>
		reopenTranscript({path: place.log, runDirectory: place.runDirectory, descriptor, at});
	return {...place, descriptor, old: path.join(place.folder, 'out.1'), reopen};
};

const read = (file: string) => fs.readFileSync(file, 'utf8');

test('nothing is done while the path leads to the file of the program', async t => {
	const {log, descriptor, runDirectory, reopen} = openLog(t);
	fs.writeSync(descriptor, 'old\n');
	t.deepEqual(await reopen(), {confirmed: true, lossless: true, removed: 0});
	t.is(read(log), 'old\n');
	t.deepEqual(fs.readdirSync(runDirectory), []);
});

test('after a rename the old output keeps the new name, and the program writes to the old name', async t => {
	const {log, old, descriptor, reopen} = openLog(t);
	fs.writeSync(descriptor, 'old\nhello\n');
	fs.chmodSync(log, 0o604);
	fs.renameSync(log, old);
	const result = await reopen();
	t.true(result.confirmed);
	t.is(result.rotatedTo, old);
	fs.writeSync(descriptor, 'again\n');
	t.regex(read(log), /^(?: *--- continues out\.1, 2026-11-23T01:02:03 ---\n)?again\n$/);
	t.is(read(old), 'old\nhello\n');
	t.is(fs.statSync(old).mode & 0o777, 0o604);
	t.is(fs.statSync(log).nlink, 1);
});

test('a file that ends at a block, and one of many blocks, move whole', async t => {
	for (const size of [4096, 8192, 4095, 4097, 1_000_000]) {
		const {log, old, descriptor, reopen} = openLog(t);
		const content = `${'x'.repeat(size - 1)}\n`;
		fs.writeSync(descriptor, content);
		fs.renameSync(log, old);
		t.true((await reopen()).confirmed);
		t.is(read(old), content);
		fs.writeSync(descriptor, 'again\n');
		t.regex(read(log), /^(?: *--- [^\n]*\n)?again\n$/);
	}
});

test('an empty file of logrotate gives way', async t => {
	const {log, old, descriptor, reopen} = openLog(t);
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(log, old);
	fs.writeFileSync(log, '');
	t.true((await reopen()).confirmed);
	t.is(fs.statSync(log).ino, fs.fstatSync(descriptor).ino);
	t.is(read(old), 'old\n');
});

test('a file without output changes names only', async t => {
	const {log, old, descriptor, reopen} = openLog(t);
	fs.renameSync(log, old);
	t.true((await reopen()).confirmed);
	fs.writeSync(descriptor, 'first\n');
	t.is(read(log), 'first\n');
	t.is(read(old), '');
});

test('an unfinished line is not lost', async t => {
	const {log, old, descriptor, reopen} = openLog(t);
	fs.writeSync(descriptor, 'one\nhal');
	fs.renameSync(log, old);
	t.true((await reopen()).confirmed);
	fs.writeSync(descriptor, 'f\n');
	t.is(read(old), 'one\nhal');
	t.regex(read(log), /^ *--- [^\n]*\nf\n$/);
});

const isRefused = async (t: ExecutionContext, obstruct: (log: string) => void, reason: RegExp) => {
	const {log, old, descriptor, runDirectory, reopen} = openLog(t);
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(log, old);
	obstruct(log);
	const result = await reopen();
	t.false(result.confirmed);
	t.regex(result.reason ?? '', reason);
	t.is(read(old), 'old\n', 'the file is untouched');
	t.deepEqual(fs.readdirSync(runDirectory), ['transcript-cut.lock']);
};

test(
	'another file that holds something is not replaced',
	isRefused,
	(log: string) => fs.writeFileSync(log, 'precious\n'),
	/is another file, which is not empty$/,
);

test(
	'a directory in the way is not replaced',
	isRefused,
	(log: string) => fs.mkdirSync(log),
	/is a directory$/,
);

test(
	'a link in the way is not replaced',
	isRefused,
	(log: string) => fs.symlinkSync('nowhere', log),
	/is not a regular file$/,
);

test('a folder that is gone is named', async t => {
	const {folder, runDirectory} = openFolder(t);
	const logs = path.join(folder, 'logs');
	fs.mkdirSync(logs);
	const log = path.join(logs, 'out.log');
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(logs, `${logs}-moved`);
	const result = await reopenTranscript({path: log, runDirectory, descriptor});
	t.false(result.confirmed);
	t.regex(result.reason ?? '', /the folder ".*logs" does not exist$/);
});

test('a deleted file is not confirmed, and how to save it is said', async t => {
	const {log, runDirectory, descriptor} = openLog(t);
	fs.writeSync(descriptor, 'old\n');
	fs.rmSync(log);
	const child = spawn('sleep', ['100'], {stdio: ['ignore', descriptor, descriptor]});
	t.teardown(() => child.kill());
	const programPid = child.pid ?? 0;
	const result = await reopenTranscript({path: log, runDirectory, programPid});
	t.false(result.confirmed);
	t.is(
		result.reason,
		`the program writes to a file that was deleted; save it with "cp /proc/${programPid}/fd/1 FILE", then restart the program`,
	);
	t.is(fs.existsSync(log), false);
});

test('the file of a program that does not append is not cut', async t => {
	const {log, old, runDirectory, descriptor} = openLog(t);
	const plain = fs.openSync(log, 'w');
	const child = spawn('sleep', ['100'], {stdio: ['ignore', plain, descriptor]});
	t.teardown(() => child.kill());
	fs.writeSync(plain, 'old\n');
	fs.closeSync(plain);
	fs.renameSync(log, old);
	const programPid = child.pid ?? 0;
	const result = await reopenTranscript({path: log, runDirectory, descriptor, programPid});
	t.false(result.confirmed);
	t.regex(result.reason ?? '', /its descriptor 1 without appending/);
	const rotated = await rotateTranscript({path: old, runDirectory, oldFiles: 1, programPid});
	t.regex('refused' in rotated ? rotated.refused : '', /without appending/);
	t.is(read(old), 'old\n');
});

test('a pid that is gone is not confirmed', async t => {
	const {log, runDirectory} = openLog(t);
	const child = spawn('true');
	await waitFor('its end', () => child.exitCode !== null);
	const programPid = child.pid ?? 0;
	const result = await reopenTranscript({path: log, runDirectory, programPid});
	t.false(result.confirmed);
	t.is(result.reason, 'the file that the program writes to is not visible');
});

test('a device is confirmed', async t => {
	const {runDirectory} = openFolder(t);
	const descriptor = openTranscript({path: '/dev/null', umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	const result = await reopenTranscript({path: '/dev/null', runDirectory, descriptor});
	t.true(result.confirmed);
});

test('a file that was moved into another folder comes back', async t => {
	const {folder, log, descriptor, reopen} = openLog(t);
	const archive = path.join(folder, 'archive');
	fs.mkdirSync(archive);
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(log, path.join(archive, 'out.log'));
	t.true((await reopen()).confirmed);
	fs.writeSync(descriptor, 'again\n');
	t.regex(read(log), /again\n$/);
	t.is(read(path.join(archive, 'out.log')), 'old\n');
});

test('where heads cannot be removed, the file is copied and truncated, and the possible loss is measured', async t => {
	const {log, old, descriptor, reopen} = openLog(t, '/dev/shm');
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(log, old);
	const result = await reopen();
	t.true(result.confirmed);
	if (result.lossless) return t.pass('this memory file system can');
	t.regex(
		result.reason ?? '',
		/^the file system \(tmpfs\) cannot .* within [\d.]+ ms may be lost$/,
	);
	fs.writeSync(descriptor, 'again\n');
	t.is(read(log), 'again\n');
	return t.is(read(old), 'old\n');
});

test('a rotation numbers the old files and keeps as many as asked for', async t => {
	const {folder, log, runDirectory, descriptor} = openLog(t);
	for (const text of ['one\n', 'two\n', 'three\n', 'four\n']) {
		fs.writeSync(descriptor, text);
		const result = await rotateTranscript({path: log, runDirectory, oldFiles: 2, descriptor, at});
		t.false('refused' in result);
	}
	const names = fs.readdirSync(folder).sort();
	t.deepEqual(names, ['out.log', 'out.log.1', 'out.log.2', 'state']);
	t.regex(read(`${log}.1`), /four\n$/);
	t.regex(read(`${log}.2`), /three\n$/);
});

test('a renamed file is not rotated under its new name', async t => {
	const {log, old, runDirectory, descriptor} = openLog(t);
	fs.writeSync(descriptor, 'old\n');
	fs.renameSync(log, old);
	const result = await rotateTranscript({path: log, runDirectory, oldFiles: 2, descriptor});
	t.deepEqual(result, {refused: 'the file was renamed; reopen it first'});
});

test('behind a symbolic link, the old files stand beside the real one', async t => {
	const {folder, runDirectory} = openFolder(t);
	const real = path.join(folder, 'real');
	fs.mkdirSync(real);
	const log = path.join(folder, 'out.log');
	fs.symlinkSync(path.join(real, 'zeo.log'), log);
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'old\n');
	await rotateTranscript({path: log, runDirectory, oldFiles: 2, descriptor});
	t.is(read(path.join(real, 'zeo.log.1')), 'old\n');
	t.true(fs.lstatSync(log).isSymbolicLink());
});
