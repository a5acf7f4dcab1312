import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {recoverCut} from '../../src/transcript/cut.js';
import {openTranscript} from '../../src/transcript/direct.js';
import {knownFileSystem, probeFileSystem} from '../../src/transcript/file-system.js';
import {readJournal} from '../../src/transcript/journal.js';
import {renderHead} from '../../src/transcript/marker.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {takeLock} from '../../src/transcript/system-tools.js';
import {checkNumberedLines, openFolder, waitFor} from '../helpers/transcript.js';

const numberedLines = (from: number, to: number) =>
	Array.from(
		{length: to - from},
		(_, index) => `${String(from + index).padStart(10, '0')} x\n`,
	).join('');

test('a probe tells what the file system can do and leaves nothing behind', async t => {
	const {folder} = openFolder(t);
	const answer = await probeFileSystem(folder);
	t.deepEqual(await knownFileSystem(folder), answer);
	t.is(answer.reason === undefined, answer.removesHeads);
	t.log(answer);
	t.deepEqual(fs.readdirSync(folder), ['state']);
	const memory = await probeFileSystem('/dev/shm');
	t.is(memory.type, 'tmpfs');
	t.deepEqual(
		fs.readdirSync('/dev/shm').filter(name => name.startsWith('.zeoctl-probe')),
		[],
	);
});

test('there is nothing to recover without a journal', async t => {
	const {runDirectory} = openFolder(t);
	t.is(await recoverCut({runDirectory}), undefined);
	t.deepEqual(fs.readdirSync(runDirectory), []);
});

test('a torn journal is no journal', async t => {
	const {runDirectory} = openFolder(t);
	fs.writeFileSync(path.join(runDirectory, 'transcript-cut.json'), '{"version":');
	t.is(await recoverCut({runDirectory}), undefined);
});

test('a cut waits for the child of a killed one, which still holds the lock', async t => {
	const {log, runDirectory} = openFolder(t);
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'old\n');
	const lock = fs.openSync(path.join(runDirectory, 'transcript-cut.lock'), 'a');
	t.true((await takeLock(lock, 0)).ok);
	const child = spawn('sleep', ['0.3'], {stdio: ['ignore', 'ignore', 'ignore', lock]});
	fs.closeSync(lock);
	const result = await rotateTranscript({path: log, runDirectory, oldFiles: 1, descriptor});
	t.false('refused' in result);
	t.not(child.exitCode ?? child.signalCode, null);
});

test('a journal of a file that is gone keeps its copy', async t => {
	const {log, runDirectory} = openFolder(t);
	fs.writeFileSync(log, 'another file\n');
	const temporary = path.join(path.dirname(log), '.out.log.zeoctl-cut');
	fs.writeFileSync(temporary, 'precious\n');
	const journal = {
		version: 1,
		stage: 'cutting',
		kind: 'rotate',
		path: log,
		liveName: log,
		// The number of the other file, which was made at another time.
		inode: fs.statSync(log).ino,
		born: 1,
		temporary,
		oldFiles: 3,
		line: '',
		fill: 0,
		from: 9,
		plan: {mark: {start: 9, line: 9, end: 9}, cut: 0, end: 9},
		witness: 'eA==',
	};
	fs.writeFileSync(path.join(runDirectory, 'transcript-cut.json'), JSON.stringify(journal));
	await recoverCut({runDirectory});
	t.is(fs.readFileSync(`${log}.1`, 'utf8'), 'precious\n');
	t.is(fs.readFileSync(log, 'utf8'), 'another file\n');
	t.is(await recoverCut({runDirectory}), undefined);
});

test('an outside rename in the middle of a cut loses nothing', async t => {
	const {log, runDirectory} = openFolder(t);
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, numberedLines(0, 1000));
	const result = await rotateTranscript({
		path: log,
		runDirectory,
		oldFiles: 3,
		descriptor,
		onStep: step => {
			if (step === 'publish') fs.renameSync(log, `${log}-moved`);
		},
	});
	fs.writeSync(descriptor, numberedLines(1000, 1010));
	t.false('refused' in result);
	t.is(checkNumberedLines([`${log}.1`, `${log}-moved`]), 1010);
});

test('a line that the marker split is whole in the rotated file', async t => {
	const {log, runDirectory, folder} = openFolder(t);
	if (!(await probeFileSystem(folder)).removesHeads) return t.pass('heads cannot be removed here');
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	const text = numberedLines(0, 1000);
	fs.writeSync(descriptor, text.slice(0, -5));
	await rotateTranscript({
		path: log,
		runDirectory,
		oldFiles: 3,
		descriptor,
		onStep: step => {
			if (step !== 'mark') return;
			const {size} = fs.fstatSync(descriptor);
			void waitFor('the marker', () => fs.fstatSync(descriptor).size > size).then(() =>
				fs.writeSync(descriptor, `${text.slice(-5)}after\n`),
			);
		},
	});
	t.is(fs.readFileSync(`${log}.1`, 'utf8'), text);
	return t.regex(fs.readFileSync(log, 'utf8'), /^ *--- [^\n]*\nafter\n$/);
});

test('a folder that cannot be written is a refusal, and the file stays as it is', async t => {
	const {folder, log, runDirectory} = openFolder(t);
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'old\n');
	const missing = path.join(runDirectory, 'missing');
	const result = await rotateTranscript({
		path: log,
		runDirectory: missing,
		oldFiles: 1,
		descriptor,
	});
	t.regex('refused' in result ? result.refused : '', /^the file cannot be cut: ENOENT/);
	t.is(fs.readFileSync(log, 'utf8'), 'old\n');
	t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'state']);
});

test('a head that was half blanked when its supervisor was killed is blanked to the end', async t => {
	const {log, runDirectory, folder} = openFolder(t);
	if (!(await probeFileSystem(folder)).removesHeads) return t.pass('heads cannot be removed here');
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, numberedLines(0, 1000));
	const killed = await rotateTranscript({
		path: log,
		runDirectory,
		oldFiles: 3,
		descriptor,
		onStep(step) {
			if (step === 'mark') fs.writeSync(descriptor, numberedLines(1000, 1010));
			if (step !== 'blank') return;
			const journal = readJournal(runDirectory);
			const head = journal?.plan && renderHead(journal.plan, journal.line);
			const writer = fs.openSync(log, 'r+');
			fs.writeSync(writer, head ?? Buffer.alloc(0), 0, 20, 0);
			fs.closeSync(writer);
			throw new Error('killed');
		},
	});
	t.true('refused' in killed);
	fs.writeSync(descriptor, numberedLines(1010, 1020));
	await recoverCut({runDirectory});
	t.is(checkNumberedLines([`${log}.1`, log]), 1020);
	return t.regex(fs.readFileSync(log, 'latin1'), /^ *--- continues out\.log\.1, [^\n]* ---\n/);
});
