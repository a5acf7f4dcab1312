import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {readHistory} from '../../src/history/history.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {mountImage} from '../helpers/image.js';
import {floodRate} from '../helpers/rotation-flood.js';
import {isAlive, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {checkNumberedLines, programPath} from '../helpers/transcript.js';
import {mostBytesLost, type OrdealOptions, runOrdeal} from '../helpers/transcript-ordeal.js';
import {waitFor} from '../helpers/wait-for.js';

const ordeal = async (
	t: ExecutionContext,
	options: Pick<OrdealOptions, 'mode'> & Partial<OrdealOptions>,
) => {
	t.timeout(3_600_000);
	const {folder = temporaryFolder(t)} = options;
	const none = {kills: 0, renames: 0, reloads: 0};
	const result = await runOrdeal({...none, piece: '8192', rate: 4, ...options, folder});
	t.log(JSON.stringify(result));
	return {result, lossless: (await probeFileSystem(folder)).removesHeads};
};

test.serial('four kills and four renames under a flood cost no line in direct mode', async t => {
	const {result, lossless} = await ordeal(t, {mode: 'direct', kills: 4, renames: 4});
	t.true(result.lines > 1000);
	if (lossless) t.deepEqual(result.faults, []);
});

/** A tenth of what `test/soak/logs.ts` does, at the same rate where the machine allows it. */
const tenth = {piece: '65536', rate: floodRate, kills: 10, renames: 10} as const;

for (const kind of ['ext4', 'xfs'] as const) {
	test.serial(`kills and renames under a flood cost no line in direct mode on ${kind}`, async t => {
		const image = mountImage(t, kind, {megabytes: 6144});
		if (image === undefined) return;
		const {result} = await ordeal(t, {mode: 'direct', folder: image.folder, ...tenth});
		t.true(result.lines > 1000);
		t.deepEqual(result.faults, []);
		t.true(result.moments['between rotations'] < tenth.kills);
	});
}

test.serial('in pump mode they cost what a killed reader held, and each gap is marked', async t => {
	const {result} = await ordeal(t, {mode: 'pump', ...tenth});
	t.true(result.lines > 1000);
	t.true(result.gaps <= tenth.kills);
	t.true(result.largestGap <= mostBytesLost, `${result.largestGap} bytes in one gap`);
	t.deepEqual(result.faults, []);
});

for (const mode of ['direct', 'pump'] as const) {
	test.serial(`reloads under a flood cost no line in ${mode} mode`, async t => {
		const {result, lossless} = await ordeal(t, {mode, piece: '16384', rate: 8, reloads: 4});
		t.true(result.lines > 1000);
		// A supervisor lets the program settle before it rotates: between two reloads there may be no time for it.
		if (mode === 'pump') t.true(result.files > 1);
		if (lossless || mode === 'pump') t.like(result, {faults: [], lost: 0, gaps: 0});
	});
}

type Transcript = {
	readonly mode: string;
	readonly rotatedBy: string;
	readonly rotations: number;
	readonly linesLost: number;
	readonly problem: string | null;
	readonly caveat: string | null;
};

const transcriptOf = async (
	run: (args: readonly string[]) => Promise<{readonly stdout: string}>,
) => {
	const {stdout} = await run(['status', '--json']);
	const {transcript}: {readonly transcript: Transcript | null} = JSON.parse(stdout);
	return transcript ?? undefined;
};

const section = (lines: string) => `<transcript>\n${lines}\n</transcript>\n`;

test('a transcript is rotated without a section, unless somebody else has done so before', async t => {
	const program = 'sh -c "head -c 11000000 /dev/zero | tr \'\\0\' x; exec sleep 600"';
	const ours = supervised(t, {program, runner: 'transcript out.log'});
	await ours.up();
	await waitFor('a rotation', () => existsSync(ours.at('out.log.1')));
	t.like(
		await waitFor('its count', async () => {
			const found = await transcriptOf(ours.run);
			return found?.rotations === 1 ? found : undefined;
		}),
		{mode: 'direct', rotatedBy: 'zeoctl', problem: null},
	);
	t.is(statSync(ours.at('out.log.1')).size, 11_000_000);

	const theirs = supervised(t, {program, runner: 'transcript out.log'});
	writeFileSync(theirs.at('out.log.1'), 'of logrotate\n');
	await theirs.up();
	await waitFor('the whole output', () => statSync(theirs.at('out.log')).size === 11_000_000);
	t.is((await waitFor('its state', () => transcriptOf(theirs.run))).rotatedBy, 'outside');
	t.is(readFileSync(theirs.at('out.log.1'), 'utf8'), 'of logrotate\n');
});

test('a stop returns when a rotation that is under way is complete', async t => {
	const {up, at, run, folder} = supervised(t, {
		program: `${process.execPath} ${programPath('writes-numbered-lines')}`,
		runner: 'transcript out.log',
		sections: section('max-size 1MB\ntotal-size 1GB\ncompress off'),
	});
	await up();
	// Where blocks are shared it is over in no time.
	const hasBegun = () => existsSync(at('.out.log.zeoctl-cut')) || existsSync(at('out.log.1'));
	await waitFor('a rotation', hasBegun, 60_000);
	t.is((await run(['stop'])).exitCode, 0);
	const names = readdirSync(folder).filter(name => name.includes('out.log'));
	t.true(names.includes('out.log.1'));
	const newestFirst = names.toSorted((one, other) => ageOf(one) - ageOf(other));
	t.is(newestFirst[0], 'out.log');
	const lines = checkNumberedLines(newestFirst.toReversed().map(at));
	t.true(Number(lines) > 10_000, String(lines));
});

const ageOf = (name: string): number => Number(/\d+$/.exec(name) ?? 0);

test('a stop returns when the pump has written the last words', async t => {
	const {up, at, run} = supervised(t, {
		program: `sh -c "trap 'head -c 100000000 /dev/zero | tr \\\\000 x; exit' TERM; exec 2> /dev/null; echo ready; while :; do sleep 0.1; done"`,
		runner: 'transcript out.log\nstop-timeout 60',
		sections: section('mode pump\nmax-size 1GB\ntotal-size 4GB\non-slow block'),
	});
	await up();
	await waitFor('the trap', () => existsSync(at('out.log')) && statSync(at('out.log')).size > 0);
	t.is((await run(['stop'])).exitCode, 0);
	t.is(statSync(at('out.log')).size, 100_000_000 + 'ready\n'.length);
});

test('the pump writes the time before each line, or JSON, and the last output stays plain', async t => {
	const program = 'sh -c "echo said; exec sleep 600"';
	const stamped = supervised(t, {
		program,
		runner: 'transcript out.log',
		sections: section('mode pump\ntimestamps on'),
	});
	await stamped.up();
	const line = await waitFor('the line', () => readFileSync(stamped.at('out.log'), 'utf8'));
	t.regex(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d said\n$/);
	const json = supervised(t, {
		program: 'sh -c "echo said; exit 3"',
		runner: 'transcript out.log\nforever true\nbackoff-limit 60',
		sections: section('mode pump\nformat json'),
	});
	json.start(['start']);
	const record = await waitFor('the record', () =>
		existsSync(json.at('out.log')) ? readFileSync(json.at('out.log'), 'utf8').split('\n')[0] : '',
	);
	t.is(JSON.parse(record).message, 'said');
	await waitFor('the last output', async () => (await json.status()).lastOutput[0] === 'said');
});

test('a program may open its standard output again in pump mode', async t => {
	const program = 'sh -c "echo one; echo two > /dev/stdout; echo three; exec sleep 600"';
	const {up, at} = supervised(t, {
		program,
		runner: 'transcript out.log',
		sections: section('mode pump'),
	});
	await up();
	await waitFor('all lines', () => readFileSync(at('out.log'), 'utf8') === 'one\ntwo\nthree\n');
	t.pass();
});

test('a log that was renamed while there was no supervisor is found again by the next one', async t => {
	const {up, at, run, status, start} = supervised(t, {
		program: 'sh -c "while :; do echo line; sleep 0.05; done"',
		runner: 'transcript out.log',
	});
	const {pid, manager} = await up();
	await waitFor('output', () => existsSync(at('out.log')) && statSync(at('out.log')).size > 0);
	process.kill(manager, 'SIGKILL');
	await waitFor('its end', () => !isAlive(manager));
	renameSync(at('out.log'), at('moved'));
	t.is((await start(['start']).result).exitCode, 0);
	t.is((await status()).pid, pid);
	await waitFor('the report', async () =>
		/is not the file that the program writes to/.test((await transcriptOf(run))?.problem ?? ''),
	);
	const inode = statSync(at('moved')).ino;
	t.is((await run(['reopen_transcript'])).exitCode, 0);
	t.is(statSync(at('out.log')).ino, inode);
	await waitFor('output at the old name', () =>
		/line\n$/.test(readFileSync(at('out.log'), 'utf8')),
	);
	t.is((await status()).pid, pid);
});

for (const verb of ['deleted', 'renamed'] as const) {
	test(`after a log was ${verb}, the next program gets a file of its name`, async t => {
		const {up, at, run} = supervised(t, {
			program: `sh -c "while :; do echo ${'x'.repeat(99)}; sleep 0.05; done"`,
			runner: 'transcript out.log',
			sections: section('max-size 1KB'),
		});
		await up();
		await waitFor('output', () => existsSync(at('out.log')) && statSync(at('out.log')).size > 0);
		renameSync(at('out.log'), at('moved'));
		if (verb === 'deleted') rmSync(at('moved'));
		t.is((await run(['restart'])).exitCode, 0);
		await waitFor('output', () => existsSync(at('out.log')) && statSync(at('out.log')).size > 0);
		await waitFor('a rotation', () => existsSync(at('out.log.1')));
		await waitFor('the end of all problems', async () => {
			const {transcript} = JSON.parse((await run(['status', '--json'])).stdout);
			return transcript?.problem === null;
		});
		const {size} = verb === 'renamed' ? statSync(at('moved')) : {size: 0};
		await waitFor('further output', () => statSync(at('out.log')).size > 0);
		if (verb === 'renamed') t.is(statSync(at('moved')).size, size);
		t.is((await run(['reopen_transcript'])).exitCode, 0);
	});
}

test('a log folder that is deleted stops nobody, is reported, and is used again when it is back', async t => {
	const {up, at, run, status, socket} = supervised(t, {
		program: 'sh -c "while :; do echo line; sleep 0.05; done"',
		runner: 'transcript logs/out.log',
		sections: section('mode pump'),
		folder: (() => {
			const folder = temporaryFolder(t);
			mkdirSync(path.join(folder, 'logs'));
			return folder;
		})(),
	});
	const {pid} = await up();
	await waitFor('output', () => existsSync(at('logs/out.log')));
	rmSync(at('logs'), {recursive: true});
	const report = await waitFor('the report', () =>
		readHistory(runDirectoryOf(socket)).find(({event}) => event === 'transcript'),
	);
	t.regex(JSON.stringify(report), /its folder does not exist/);
	mkdirSync(at('logs'));
	await waitFor('the log', () => existsSync(at('logs/out.log')));
	await waitFor('the end of the problem', async () => (await transcriptOf(run))?.problem === null);
	t.is((await status()).pid, pid);
});
