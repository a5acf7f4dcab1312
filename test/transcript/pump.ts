import {spawn} from 'node:child_process';
import {pbkdf2} from 'node:crypto';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {
	type Fifo,
	markClosed,
	markOpen,
	openFifo,
	writesToFifo,
} from '../../src/transcript/fifo.js';
import {type PumpOptions, type PumpTarget, startPump} from '../../src/transcript/pump.js';
import {openRotatingTarget} from '../../src/transcript/rotating-target.js';
import {checkNumberedLines, openFolder, startWriter} from '../helpers/transcript.js';
import {waitFor} from '../helpers/wait-for.js';

const hash = promisify(pbkdf2);

type Trouble = {failure: string | undefined; lost: number};

const start = (fifo: Fifo, target: PumpTarget, options: Partial<PumpOptions> = {}) => {
	const trouble: Trouble = {failure: undefined, lost: 0};
	const pump = startPump({
		fifo,
		target,
		format: 'text',
		timestamps: false,
		onSlow: 'drop',
		queueSize: 1_000_000,
		onTrouble(failure, lost) {
			Object.assign(trouble, {failure, lost});
		},
		...options,
	});
	return {pump, trouble};
};

/** A log that can be slow, or fail. */
const collector = () => {
	const pieces: Buffer[] = [];
	const state = {failure: '', delayMs: 0};
	return {
		state,
		text: () => Buffer.concat(pieces).toString('latin1'),
		target: {
			async write(given: readonly Buffer[]) {
				if (state.delayMs > 0) await sleep(state.delayMs);
				if (state.failure !== '') return {written: 0, failure: state.failure};
				const copy = Buffer.concat(given);
				pieces.push(copy);
				return {written: copy.length};
			},
		},
	};
};

const fileTarget = (log: string, runDirectory: string, maxSize: number) =>
	openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize, oldFiles: 1000, totalSize: 1e9, compress: false},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: () => undefined,
	});

const oldest = (log: string): readonly string[] => {
	const folder = path.dirname(log);
	const numbers = fs
		.readdirSync(folder)
		.flatMap(name => /^out\.log\.(\d+)$/.exec(name)?.[1] ?? [])
		.map(Number);
	return [...numbers.sort((one, other) => other - one).map(number => `${log}.${number}`), log];
};

for (const piece of ['65536', '777', 'lines']) {
	test.serial(`a flood in pieces of ${piece} arrives whole, across rotations`, async t => {
		const {runDirectory, log} = openFolder(t);
		const fifo = await openFifo(runDirectory, undefined);
		const target = await fileTarget(log, runDirectory, 500_000);
		const {pump, trouble} = start(fifo, target, {onSlow: 'block'});
		const writer = startWriter(t, {descriptor: fifo.descriptor, args: [piece, '0', '8000000']});
		await waitFor('rotations', () => fs.existsSync(`${log}.10`), 60_000);
		await writer.stop();
		t.is(await pump.close(), 0);
		await target.close();
		t.is(typeof checkNumberedLines(oldest(log)), 'number', String(checkNumberedLines(oldest(log))));
		t.is(trouble.lost, 0);
	});
}

/** Runs a command that writes to the pipe, until it has ended. */
const pour = async (t: ExecutionContext, {descriptor}: Fifo, command: string): Promise<void> => {
	const child = spawn('sh', ['-c', command], {stdio: ['ignore', descriptor, 'ignore']});
	t.teardown(() => child.kill('SIGKILL'));
	await once(child, 'exit');
};

const open = async (t: ExecutionContext, options: Partial<PumpOptions> = {}) => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	const log = collector();
	const {pump, trouble} = start(fifo, log.target, options);
	t.teardown(() => pump.close());
	return {log, pump, trouble, fifo, write: (text: string) => fs.writeSync(fifo.descriptor, text)};
};

test('a disk that is full stops nobody; what found no room is counted and said', async t => {
	const {log, trouble, write, fifo} = await open(t, {queueSize: 100_000});
	write('first\n');
	await waitFor('the first line', () => log.text() === 'first\n');
	log.state.failure = 'the disk is full';
	await pour(t, fifo, `yes ${'x'.repeat(9_999)} | head -n 100`);
	await waitFor('a loss', () => trouble.lost > 50);
	t.is(trouble.failure, 'the disk is full');
	log.state.failure = '';
	await waitFor('the word', () => /were lost here: the disk is full ---\n$/.test(log.text()));
	const lost = Number(/--- (\d+) lines/.exec(log.text())?.[1]);
	t.is(lost + log.text().split('\n').length - 1 - 2, 100);
	t.is(trouble.lost, lost);
	write('last\n');
	await waitFor('the last line', () => log.text().endsWith('---\nlast\n'));
	t.is(trouble.failure, undefined);
});

test('a disk that is slow loses lines, or slows the program down if asked to', async t => {
	const {log, trouble, fifo} = await open(t, {queueSize: 200_000, onSlow: 'block'});
	log.state.delayMs = 30;
	await pour(t, fifo, `yes ${'x'.repeat(20_000)} | head -n 60`);
	await waitFor('all of it', () => log.text().length === 60 * 20_001);
	t.is(trouble.lost, 0);
});

test('a hundred megabytes without a line end go through in little memory', async t => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	let bytes = 0;
	const target: PumpTarget = {
		async write(pieces) {
			const written = pieces.reduce((sum, piece) => sum + piece.length, 0);
			bytes += written;
			return {written};
		},
	};
	const {pump} = start(fifo, target, {format: 'json', onSlow: 'block'});
	const before = process.memoryUsage.rss();
	await pour(t, fifo, "head -c 104857600 /dev/zero | tr '\\0' x");
	await pump.close();
	t.true(bytes >= 104_857_600);
	t.true(process.memoryUsage.rss() - before < 60_000_000);
});

test('the last output is known before it is written, as the program wrote it', async t => {
	const {log, pump, write} = await open(t, {timestamps: true});
	log.state.delayMs = 200;
	write('before\n');
	pump.recent();
	pump.mark();
	write('after\n');
	t.is(pump.recent().toString(), 'after\n');
});

/** The same memory each time. */
const roomOf = (bytes: number) => {
	const room = Buffer.alloc(bytes);
	return () => room;
};

test('a flood gives way for three turns, and not again before it was read', async t => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	t.teardown(fifo.close);
	let turn = 0;
	const count = () => {
		turn += 1;
		counting = setImmediate(count);
	};
	let counting = setImmediate(count);
	t.teardown(() => clearImmediate(counting));
	const turnsAway: number[] = [];
	let left: number | undefined;
	fifo.read(roomOf(65_536), () => {
		if (left !== undefined) turnsAway.push(turn - left);
		left = turn;
		fifo.giveWay();
		fifo.giveWay();
	});
	startWriter(t, {descriptor: fifo.descriptor, args: ['lines', '0', '8000000']});
	await waitFor('some reads', () => turnsAway.length > 20);
	t.true(Math.min(...turnsAway) >= 3, turnsAway.join(' '));
});

test('who has paused before the first read, and gives way later, reads on', async t => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	t.teardown(fifo.close);
	fifo.pause();
	let reads = 0;
	fifo.read(roomOf(65_536), () => {
		reads += 1;
		fifo.giveWay();
	});
	startWriter(t, {descriptor: fifo.descriptor, args: ['lines', '0', '8000000']});
	await waitFor('some reads', () => reads > 5);
	t.pass();
});

test('while clients come, a flood is read in small pieces, one in a turn', async t => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	t.teardown(fifo.close);
	const lengths: number[] = [];
	let sinceTurn = 0;
	let most = 0;
	fifo.read(roomOf(1_000_000), piece => {
		lengths.push(piece.length);
		sinceTurn += 1;
		most = Math.max(most, sinceTurn);
		setImmediate(() => {
			sinceTurn = 0;
		});
		fifo.giveWay();
	});
	startWriter(t, {descriptor: fifo.descriptor, args: ['65536', '0', '8000000']});
	await waitFor('some reads', () => lengths.length > 50);
	// The first came before any client; the buffer of the second was chosen before, too.
	t.true(Math.max(...lengths.slice(2)) <= 32_768, lengths.join(' '));
	t.is(most, 1);
});

test('the pipe is made to hold a quarter of a megabyte while nobody reads', async t => {
	const {runDirectory} = openFolder(t);
	const fifo = await openFifo(runDirectory, undefined);
	t.teardown(fifo.close);
	const {O_WRONLY, O_NONBLOCK} = fs.constants;
	const end = fs.openSync(`/proc/self/fd/${fifo.descriptor}`, O_WRONLY | O_NONBLOCK);
	t.teardown(() => fs.closeSync(end));
	let bytes = 0;
	await waitFor('a large pipe', () => {
		for (;;) {
			try {
				bytes += fs.writeSync(end, Buffer.alloc(4096));
			} catch {
				return bytes >= 262_144;
			}
		}
	});
	t.is(bytes, 262_144);
});

test('a killed reader leaves a trace, and the pipe is found through the program when its name is gone', async t => {
	const {runDirectory} = openFolder(t);
	const first = await openFifo(runDirectory, undefined);
	t.false(markOpen(runDirectory, first));
	const writer = startWriter(t, {descriptor: first.descriptor, args: ['lines', '20']});
	t.true(writesToFifo(writer.pid, runDirectory));
	fs.rmSync(path.join(runDirectory, 'output.fifo'));
	const second = await openFifo(runDirectory, writer.pid);
	t.is(fs.fstatSync(second.descriptor).ino, fs.fstatSync(first.descriptor).ino);
	t.true(markOpen(runDirectory, second));
	markClosed(runDirectory);
	t.false(writesToFifo(writer.pid, runDirectory));
	await writer.stop();
	first.close();
	second.close();
});

test('a log that is deleted is made anew, one that is renamed is written to until it is reopened', async t => {
	const {runDirectory, log} = openFolder(t);
	let now = 0;
	const target = await openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize: 1000, oldFiles: 2, totalSize: 1e6, compress: false},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: () => undefined,
		now: () => now,
	});
	const write = async (text: string) => {
		now += 2000;
		return target.write([Buffer.from(text)]);
	};
	await write('one\n');
	fs.rmSync(log);
	t.deepEqual(await write('two\n'), {written: 4});
	t.is(fs.readFileSync(log, 'utf8'), 'two\n');
	fs.renameSync(log, `${log}-moved`);
	await write('three\n');
	t.is(fs.readFileSync(`${log}-moved`, 'utf8'), 'two\nthree\n');
	t.deepEqual(await target.reopen(), {wasMoved: true});
	await write('four\n');
	t.is(fs.readFileSync(log, 'utf8'), 'four\n');
	fs.rmSync(log);
	fs.mkdirSync(log);
	const {written, failure} = await write('five\n');
	t.is(written, 0);
	t.regex(failure ?? '', /^the log was deleted: there is a directory in its place$/);
	fs.rmdirSync(log);
	fs.symlinkSync('/dev/null', log);
	t.regex((await write('five\n')).failure ?? '', /symbolic link in its place$/);
	fs.rmSync(log);
	t.deepEqual(await write('five\n'), {written: 5});
	await target.close();
});

test('a line that a killed reader left open is ended before anything else', async t => {
	const {log, pump, write} = await open(t, {endsOpen: true});
	pump.remark('missing');
	write('next\n');
	await waitFor('the line', () => log.text() === '\n--- missing ---\nnext\n');
	t.pass();
});

test('a log that is reopened while it is written to loses nothing', async t => {
	const {runDirectory, log} = openFolder(t);
	const target = await fileTarget(log, runDirectory, 1e9);
	for (let round = 0; round < 20; round += 1) {
		// The threads that write are busy, so that the write comes after whatever is done meanwhile.
		const busy = Array.from({length: 8}, () => hash('', '', 5000, 64, 'sha512'));
		const writing = target.write([Buffer.from(`${round}\n`)]);
		await Promise.resolve();
		fs.renameSync(log, `${log}.${round}`);
		const reopening = target.reopen();
		t.deepEqual(await writing, {written: Buffer.byteLength(`${round}\n`)});
		t.deepEqual(await reopening, {wasMoved: true});
		t.is(fs.readFileSync(`${log}.${round}`, 'utf8'), `${round}\n`);
		await Promise.all(busy);
	}
	await target.close();
});
