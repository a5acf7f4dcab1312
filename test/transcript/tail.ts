import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {reopenTranscript} from '../../src/transcript/reopen.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {followFile, readLastLines} from '../../src/transcript/tail.js';
import {checkNumberedLines, openFolder, startWriter, waitFor} from '../helpers/transcript.js';

const readsLast = (
	t: ExecutionContext,
	{
		content,
		lines,
		maxBytes,
		from,
		expected,
	}: {
		readonly content: string;
		readonly lines: number;
		readonly maxBytes?: number;
		readonly from?: number;
		readonly expected: string;
	},
) => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, content);
	const options = {
		lines,
		...(maxBytes === undefined ? {} : {maxBytes}),
		...(from === undefined ? {} : {from}),
	};
	t.is(readLastLines(log, options).toString(), expected);
};

const longLine = `${'y'.repeat(200_000)}\n`;

test('the last lines of a longer file', readsLast, {
	content: 'a\nb\nc\nd\n',
	lines: 2,
	expected: 'c\nd\n',
});
test('a last line without its end counts as one', readsLast, {
	content: 'a\nb\nc',
	lines: 2,
	expected: 'b\nc',
});
test('a file with exactly as many lines comes whole', readsLast, {
	content: 'a\nb\n',
	lines: 2,
	expected: 'a\nb\n',
});
test('the first line of a short file is not lost', readsLast, {
	content: 'a\nb\n',
	lines: 10,
	expected: 'a\nb\n',
});
test('empty lines count', readsLast, {content: '\n\n\n\n', lines: 2, expected: '\n\n'});
test('nothing comes from an empty file', readsLast, {content: '', lines: 10, expected: ''});
test('no lines are asked for', readsLast, {content: 'a\n', lines: 0, expected: ''});
test('lines longer than a block come whole', readsLast, {
	content: `a\n${longLine}${longLine}b\n`,
	lines: 2,
	expected: `${longLine}b\n`,
});
test('a line end at the edge of a block is seen', readsLast, {
	content: `a\n${'z'.repeat(65_535)}\n`,
	lines: 1,
	expected: `${'z'.repeat(65_535)}\n`,
});
test('the number of bytes is bounded', readsLast, {
	content: longLine,
	lines: 1,
	maxBytes: 5,
	expected: 'yyyy\n',
});
test('nothing comes from before an offset', readsLast, {
	content: 'old\nnew\nnewer\n',
	lines: 10,
	from: 4,
	expected: 'new\nnewer\n',
});

/** By this process, from files and everything else. */
const bytesRead = (): number =>
	Number(/^rchar: (\d+)$/m.exec(fs.readFileSync('/proc/self/io', 'utf8'))?.[1]);

test('the last lines of a sparse file of 5 GB come without a look at the rest', t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, '');
	fs.truncateSync(log, 5_000_000_000);
	fs.appendFileSync(log, '\none\ntwo\n');
	const before = bytesRead();
	t.is(readLastLines(log, {lines: 2}).toString(), 'one\ntwo\n');
	t.true(bytesRead() - before < 1_000_000);
});

const follow = (t: ExecutionContext, file: string, lines = 10) => {
	const controller = new AbortController();
	const chunks: Buffer[] = [];
	const following = followFile(file, {
		signal: controller.signal,
		lines,
		write: chunk => void chunks.push(Buffer.from(chunk)),
		truncatedNotice: '==> File truncated <==\n',
	});
	following.catch(() => {});
	t.teardown(() => controller.abort());
	const output = () => Buffer.concat(chunks).toString('latin1');
	return {
		output,
		pieces: () => chunks.length,
		shows: (text: string) => waitFor(`${text} in ${output()}`, () => output() === text),
		end: async () => {
			controller.abort();
			await following;
		},
	};
};

test('following shows the last lines, then what is appended', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'one\ntwo\nthree\n');
	const tail = follow(t, log, 2);
	await tail.shows('two\nthree\n');
	fs.appendFileSync(log, 'four\npar');
	await tail.shows('two\nthree\nfour\npar');
	fs.appendFileSync(log, 't\n');
	await tail.shows('two\nthree\nfour\npart\n');
	await tail.end();
	t.pass();
});

test('following tells when the file was emptied, and goes on', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'one\ntwo\n');
	const tail = follow(t, log);
	await tail.shows('one\ntwo\n');
	fs.truncateSync(log, 0);
	await tail.shows('one\ntwo\n==> File truncated <==\n');
	fs.appendFileSync(log, 'three\n');
	await tail.shows('one\ntwo\n==> File truncated <==\nthree\n');
	await tail.end();
	t.pass();
});

test('following sees a file that was emptied and grew beyond its old size at once', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'one\n');
	const tail = follow(t, log);
	await tail.shows('one\n');
	fs.writeFileSync(log, 'another beginning\n');
	await tail.shows('one\n==> File truncated <==\nanother beginning\n');
	await tail.end();
	t.pass();
});

test('following waits for a file that does not exist yet, in a folder that does not exist yet', async t => {
	const {folder} = openFolder(t);
	const file = path.join(folder, 'a', 'b', 'late.log');
	const tail = follow(t, file);
	await sleep(20);
	fs.mkdirSync(path.dirname(file), {recursive: true});
	await sleep(20);
	fs.writeFileSync(file, 'first\n');
	await tail.shows('first\n');
	fs.appendFileSync(file, 'second\n');
	await tail.shows('first\nsecond\n');
	await tail.end();
	t.pass();
});

test('following goes from a renamed file to its successor and misses nothing of either', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'one\n');
	const tail = follow(t, log);
	await tail.shows('one\n');
	for (let round = 0; round < 5; round += 1) {
		const before = tail.output();
		const late = fs.openSync(log, 'a');
		fs.renameSync(log, `${log}.${round}`);
		fs.writeSync(late, 'late\n');
		fs.closeSync(late);
		await tail.shows(`${before}late\n`);
		fs.writeFileSync(log, `successor ${round}\n`);
		await tail.shows(`${before}late\nsuccessor ${round}\n`);
	}
	await tail.end();
	t.pass();
});

test('following survives the removal of the whole folder', async t => {
	const {folder} = openFolder(t);
	const file = path.join(folder, 'logs', 'out.log');
	fs.mkdirSync(path.dirname(file));
	fs.writeFileSync(file, 'one\n');
	const tail = follow(t, file);
	await tail.shows('one\n');
	fs.rmSync(path.dirname(file), {recursive: true});
	await sleep(20);
	fs.mkdirSync(path.dirname(file));
	fs.writeFileSync(file, 'two\n');
	await tail.shows('one\ntwo\n');
	await tail.end();
	t.pass();
});

test('following a symbolic link notices that it was turned to another file', async t => {
	const {folder, log} = openFolder(t);
	const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
	fs.writeFileSync(first, 'one\n');
	fs.writeFileSync(second, 'two\n');
	fs.symlinkSync(first, log);
	const tail = follow(t, log);
	await tail.shows('one\n');
	fs.symlinkSync(second, `${log}.new`);
	fs.renameSync(`${log}.new`, log);
	await tail.shows('one\ntwo\n');
	await tail.end();
	t.pass();
});

test('binary junk comes through unchanged', async t => {
	const {log} = openFolder(t);
	const junk = Buffer.from(Array.from({length: 4096}, (_, index) => (index * 37) % 256));
	fs.writeFileSync(log, '');
	const tail = follow(t, log);
	fs.appendFileSync(log, junk);
	await tail.shows(junk.toString('latin1'));
	await tail.end();
	t.pass();
});

test('a reader that is gone ends the following quietly', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'one\n');
	const gone = Object.assign(new Error('write EPIPE'), {code: 'EPIPE'});
	await followFile(log, {
		signal: AbortSignal.timeout(10_000),
		lines: 1,
		write: () => Promise.reject(gone),
		truncatedNotice: '',
	});
	t.pass();
});

test('a cut of an idle file repeats and misses nothing, and its marker is not shown', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	if (!(await probeFileSystem(folder)).removesHeads) return t.pass('heads cannot be removed here');
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'one\n');
	const tail = follow(t, log);
	await tail.shows('one\n');
	await rotateTranscript({path: log, runDirectory, oldFiles: 3, descriptor});
	fs.writeSync(descriptor, 'two\n');
	await tail.shows('one\ntwo\n');
	fs.renameSync(log, `${log}-moved`);
	await reopenTranscript({path: log, runDirectory, descriptor});
	fs.writeSync(descriptor, 'three\n');
	await tail.shows('one\ntwo\nthree\n');
	await tail.end();
	return t.pass();
});

test.serial('thirty cuts under a fast writer repeat and miss nothing for a follower', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	if (!(await probeFileSystem(folder)).removesHeads) return t.pass('heads cannot be removed here');
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	const copy = path.join(folder, 'followed');
	const controller = new AbortController();
	const following = followFile(log, {
		signal: controller.signal,
		lines: 10,
		write: chunk => fs.appendFileSync(copy, chunk),
		truncatedNotice: 'TRUNCATED\n',
	});
	const writer = startWriter(t, {descriptor, args: ['5000', '1']});
	await waitFor('output', () => fs.fstatSync(descriptor).size > 0);
	for (let round = 0; round < 30; round += 1) {
		await rotateTranscript({path: log, runDirectory, oldFiles: 40, descriptor});
		await sleep(20);
	}
	await writer.stop();
	const last = readLastLines(log, {lines: 1}).toString();
	await waitFor('the last line', () => readLastLines(copy, {lines: 1}).toString() === last);
	controller.abort();
	await following;
	const lines = checkNumberedLines([copy]);
	t.log(`${lines} lines`);
	return t.is(typeof lines, 'number', String(lines));
});
