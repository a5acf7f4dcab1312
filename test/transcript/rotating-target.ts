import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {gunzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {openRotatingTarget} from '../../src/transcript/rotating-target.js';
import {openFolder} from '../helpers/transcript.js';
import {waitFor} from '../helpers/wait-for.js';

const open = async (t: ExecutionContext, before: (log: string) => void = () => undefined) => {
	const {runDirectory, log} = openFolder(t);
	before(log);
	const target = await openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize: 1e9, oldFiles: 1000, totalSize: 1e9, compress: false},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: () => undefined,
	});
	t.teardown(() => target.close());
	return {target, log, moved: `${log}-moved`};
};

/** What is in the files of a log, compressed or not, the oldest first. */
const contentOf = (log: string): string => {
	const numberOf = (name: string): number => Number(/^\.(\d+)/.exec(name)?.[1] ?? 0);
	const names = fs
		.readdirSync(path.dirname(log))
		.filter(name => name.startsWith(path.basename(log)))
		.map(name => name.slice(path.basename(log).length))
		.toSorted((one, other) => numberOf(other) - numberOf(one));
	const contents = names.map(name => {
		const content = fs.readFileSync(log + name);
		return name.endsWith('.gz') ? gunzipSync(content) : content;
	});
	return Buffer.concat(contents).toString();
};

const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('a log that is reopened in the middle of a line gets the rest of the line first', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('one\ntw')]);
	fs.renameSync(log, moved);
	const reopening = Promise.all([target.reopen(), target.reopen()]);
	t.deepEqual(await target.write([Buffer.from('o')]), {written: 1});
	t.deepEqual(await target.write([Buffer.from('-'), Buffer.from('-\nthree\n')]), {written: 3});
	t.deepEqual(await reopening, [{wasMoved: true}, {wasMoved: false}]);
	t.deepEqual(await target.write([Buffer.from('three\n')]), {written: 6});
	t.is(read(moved), 'one\ntwo--\n');
	t.is(read(log), 'three\n');
});

test('a line that does not end does not hold up a reopen', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('Password: ')]);
	fs.renameSync(log, moved);
	t.deepEqual(await target.reopen(), {wasMoved: true});
	await target.write([Buffer.from('three\n')]);
	t.is(read(moved), 'Password: ');
	t.is(read(log), 'three\n');
});

test('a log in its place is reopened at once, also in the middle of a line', async t => {
	const {target, log} = await open(t);
	await target.write([Buffer.from('tw')]);
	t.deepEqual(await target.reopen(), {wasMoved: false});
	await target.write([Buffer.from('o\n')]);
	t.is(read(log), 'two\n');
});

test('a folder that is gone is told by a reopen in the middle of a line', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('tw')]);
	fs.renameSync(log, moved);
	fs.mkdirSync(log);
	t.deepEqual(await target.reopen(), {
		wasMoved: true,
		refusal: 'there is a directory in its place',
	});
	await target.write([Buffer.from('o\n')]);
	t.is(read(moved), 'two\n');
});

test('a link in the place of the log is not followed, one that was there from the beginning is', async t => {
	const {target, log} = await open(t);
	fs.writeFileSync(`${log}-other`, 'of somebody\n');
	fs.renameSync(log, `${log}-moved`);
	fs.symlinkSync(`${log}-other`, log);
	t.deepEqual(await target.reopen(), {
		wasMoved: true,
		refusal: 'there is a symbolic link in its place',
	});
	await target.write([Buffer.from('one\n')]);
	t.is(read(`${log}-moved`), 'one\n');
	t.is(read(`${log}-other`), 'of somebody\n');

	const linked = await open(t, log => fs.symlinkSync(`${log}-real`, log));
	await linked.target.write([Buffer.from('one\n')]);
	fs.renameSync(`${linked.log}-real`, `${linked.log}-moved`);
	t.deepEqual(await linked.target.reopen(), {wasMoved: true});
	await linked.target.write([Buffer.from('two\n')]);
	t.is(read(`${linked.log}-real`), 'two\n');
});

test('a log that is rotated while its old files are compressed loses and doubles nothing', async t => {
	const {runDirectory, log} = openFolder(t);
	const problems: (string | undefined)[] = [];
	const target = await openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize: 10, oldFiles: 1000, totalSize: 1e9, compress: true},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: problem => problems.push(problem),
	});
	t.teardown(() => target.close());
	let lines = '';
	const writeLine = async () => {
		const line = `${String(lines.length).padStart(20, '0')}\n`;
		lines += line;
		t.deepEqual(await target.write([Buffer.from(line)]), {written: line.length});
	};
	const compressed = () =>
		fs.readdirSync(path.dirname(log)).filter(name => name.endsWith('.gz')).length;
	for (let number = 0; number < 100; number += 1) await writeLine();
	await waitFor('the calm', () => compressed() > 0, 60_000);
	// All of them are compressed meanwhile, and soon the newest.
	while (compressed() < 100) {
		await writeLine();
		await sleep(compressed() % 20);
	}
	await target.close();
	t.deepEqual(problems, []);
	t.is(contentOf(log), lines);
});

test('a log that is closed while it is reopened closes nothing of others', async t => {
	for (let round = 0; round < 20; round += 1) {
		const {target} = await open(t);
		const reopening = target.reopen();
		const closing = target.close();
		const others = Array.from({length: 3}, () => fs.openSync('/dev/null', 'r'));
		t.deepEqual(await reopening, {wasMoved: false});
		await closing;
		for (const descriptor of others) t.notThrows(() => fs.closeSync(descriptor));
	}
});

test('who waits for the end of a line is answered when the log is closed', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('tw')]);
	fs.renameSync(log, moved);
	const reopening = target.reopen();
	await target.write([Buffer.from('o')]);
	await target.close();
	t.deepEqual(await reopening, {wasMoved: true});
	t.is(read(moved), 'two');
});

test('a log that is closed is not written and not opened again, whose ever its descriptor is by now', async t => {
	const {target, log} = await open(t);
	await target.close();
	fs.renameSync(log, `${log}-moved`);
	const other = fs.openSync(`${log}-other`, 'w');
	t.teardown(() => fs.closeSync(other));
	t.like(await target.write([Buffer.from('late\n')]), {written: 0, failure: 'it is closed'});
	t.deepEqual(await target.reopen(), {wasMoved: false, refusal: 'it is closed'});
	t.is(read(`${log}-other`), '');
	t.false(fs.existsSync(log));
});

test('an old file that is being compressed at the end leaves no half of it', async t => {
	const {runDirectory, log, folder} = openFolder(t);
	const target = await openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize: 10, oldFiles: 10, totalSize: 1e12, compress: true},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: problem => t.fail(problem),
	});
	fs.writeFileSync(`${log}.1`, '');
	// Takes no room, and a while.
	fs.truncateSync(`${log}.1`, 4e9);
	await target.write([Buffer.from('one and two\n')]);
	await target.write([Buffer.from('three\n')]);
	await waitFor('the half', () => fs.existsSync(`${folder}/.out.log.zeoctl-gzip`), 60_000);
	await target.close();
	t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'out.log.1', 'out.log.2', 'state']);
});
