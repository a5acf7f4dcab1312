import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {reopenTranscript} from '../../src/transcript/reopen.js';
import {rotateTranscript} from '../../src/transcript/rotate.js';
import {bySize} from '../helpers/full-size.js';
import {checkNumberedLines, openFolder, startWriter, waitFor} from '../helpers/transcript.js';

const rounds = bySize(60, 12);
const renames = bySize(20, 6);

const rotateUnderWriter = async (
	t: ExecutionContext,
	{piece, rounds}: {readonly piece: string; readonly rounds: number},
) => {
	const {folder, runDirectory, log} = openFolder(t);
	const {removesHeads, reason} = await probeFileSystem(folder);
	const descriptor = openTranscript({path: log, umask: 0o022});
	t.teardown(() => fs.closeSync(descriptor));
	const writer = startWriter(t, {descriptor, args: [piece]});
	await waitFor('output', () => fs.statSync(log).size > 0);
	const parts: string[] = [];
	let bytes = 0;
	const began = Date.now();
	for (let round = 0; round < rounds; round += 1) {
		const result = await rotateTranscript({path: log, runDirectory, oldFiles: 2, descriptor});
		if ('refused' in result) return t.fail(result.refused);
		t.is(result.lossless, removesHeads);
		const kept = `${log}-part-${String(round).padStart(4, '0')}`;
		fs.renameSync(result.rotatedTo, kept);
		parts.push(kept);
		bytes += fs.statSync(kept).size;
		await sleep(5);
	}
	await writer.stop();
	const rate = bytes / 1e3 / (Date.now() - began);
	if (!removesHeads) return t.log(`only the fallback was tried: ${reason}`);
	const lines = checkNumberedLines([...parts, log]);
	t.log(`${rounds} cuts, ${lines} lines at ${rate.toFixed(0)} MB/s`);
	return t.is(typeof lines, 'number', String(lines));
};

test.serial(
	'promise 9: cuts under a writer of blocks lose, double or split no line',
	rotateUnderWriter,
	{
		piece: '65536',
		rounds,
	},
);

test.serial(
	'promise 9: cuts under a writer of odd pieces lose, double or split no line',
	rotateUnderWriter,
	{
		piece: '777',
		rounds,
	},
);

test.serial(
	'promise 9: cuts under a writer of single lines lose, double or split no line',
	rotateUnderWriter,
	{
		piece: 'lines',
		rounds,
	},
);

test.serial(
	'promise 9: outside renames under a writer keep every line, in the files they belong to',
	async t => {
		const {folder, runDirectory, log} = openFolder(t);
		const {removesHeads} = await probeFileSystem(folder);
		const descriptor = openTranscript({path: log, umask: 0o022});
		t.teardown(() => fs.closeSync(descriptor));
		const writer = startWriter(t, {descriptor, args: ['8192']});
		await waitFor('output', () => fs.statSync(log).size > 0);
		const parts: string[] = [];
		for (let round = 0; round < renames; round += 1) {
			const old = `${log}.${round}`;
			fs.renameSync(log, old);
			if (round % 2 === 1) fs.writeFileSync(log, '');
			const source = round % 3 === 0 ? {programPid: writer.pid} : {descriptor};
			const result = await reopenTranscript({path: log, runDirectory, ...source});
			t.like(result, {confirmed: true, lossless: removesHeads, rotatedTo: old});
			t.is(fs.statSync(log).ino, fs.fstatSync(descriptor).ino);
			t.is(fs.statSync(log).nlink, 1);
			parts.push(old);
			await sleep(5);
		}
		await writer.stop();
		if (removesHeads) t.is(typeof checkNumberedLines([...parts, log]), 'number');
		t.deepEqual(
			fs.readdirSync(folder).filter(name => name.startsWith('.')),
			[],
		);
	},
);
