import {existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {SuccessionStep} from '../../src/daemon/entrance.js';
import type {SpawnStep} from '../../src/daemon/guarded-spawner.js';
import type {HandOverStep} from '../../src/daemon/hand-over.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import type {Effect} from '../../src/supervisor/state.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand, startCommand, zeoctl} from '../helpers/zeoctl.js';

/** What has to happen, once the program runs, for an effect to come about. */
type Drive = 'none' | 'stop' | 'stop-in-pack' | 'crash' | 'reload';

// Every effect is here, or this file does not compile.
const effects: Record<Effect['effect'], Drive> = {
	spawn: 'none',
	timer: 'none',
	log: 'none',
	'await-ready': 'none',
	'signal-group': 'stop',
	'await-group': 'crash',
	'await-pack': 'stop',
	'end-packs': 'stop-in-pack',
	leave: 'stop',
};
const steps: Record<SpawnStep, Drive> = {
	locked: 'none',
	unrecorded: 'none',
	spawned: 'none',
	recorded: 'none',
};

const handOverSteps: Record<HandOverStep, Drive> = {
	'order-read': 'reload',
	'successor-started': 'reload',
	'successor-stands-by': 'reload',
	held: 'reload',
	'told-to-go': 'reload',
	given: 'reload',
};

/** Who is the supervisor when a successor is killed there. */
const successorSteps: Record<SuccessionStep, 'predecessor' | 'nobody'> = {
	bound: 'predecessor',
	'standing-by': 'predecessor',
	going: 'predecessor',
	renamed: 'predecessor',
	announced: 'nobody',
};

const successorPoints: readonly (readonly [point: string, survivor: 'predecessor' | 'nobody'])[] = [
	...Object.entries(successorSteps),
	['successor: before spawn', 'nobody'],
	['successor: after spawn', 'nobody'],
];

const points: readonly (readonly [point: string, drive: Drive])[] = [
	...Object.entries(effects).flatMap(([effect, drive]) => [
		[`before ${effect}`, drive] as const,
		[`after ${effect}`, drive] as const,
	]),
	...Object.entries(steps),
];
const handOverPoints = Object.entries(handOverSteps);
const count = points.length + handOverPoints.length + successorPoints.length;
const rounds = 3;

// All points are tried at once.
const limitMs = 180_000;

// Its own lock is the witness; whatever it has printed it has also noted.
const program = `#!/bin/bash
cd "$(dirname "$0")"
exec 9>>Data.fs
flock -n 9 || { echo "$$" >> violations; exit 1; }
trap 'exit 0' TERM
sleep 1000 9>&- &
for ((n = 1; ; n++)); do
	echo "$$ $n"
	echo "$$ $n" >> noted
	sleep 0.02 &
	wait $!
done
`;

const conf = `<runner>
  program ./program
  transcript log
  stop-timeout 5
  backoff-limit 2
</runner>
<zeo>
  address 127.0.0.1:8100
</zeo>
<filestorage 1>
  path {folder}/Data.fs
</filestorage>
<zeoctl>
  stop-pack-wait 1
</zeoctl>
`;

const lines = (file: string): readonly string[] =>
	existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];

// The second witness: who has the file open.
const findHolders = (file: string): readonly number[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name) && opens(name, file))
		.map(Number)
		.filter(pid => readProcessStat(pid)?.group === pid);

const opens = (pid: string, file: string): boolean => {
	try {
		return readdirSync(`/proc/${pid}/fd`).some(
			fd => readlinkSync(`/proc/${pid}/fd/${fd}`) === file,
		);
	} catch {
		return false;
	}
};

const fixture = path.join(projectRoot, 'build/test/fixtures/programs/supervisor-that-dies.js');

const prepare = (t: ExecutionContext): {readonly cwd: string; readonly confFile: string} => {
	const cwd = temporaryFolder(t);
	const confFile = path.join(cwd, 'z.conf');
	writeFileSync(confFile, conf.replace('{folder}', cwd));
	writeFileSync(path.join(cwd, 'program'), program, {mode: 0o755});
	return {cwd, confFile};
};

const dieAt = async (t: ExecutionContext, point: string, drive: Drive): Promise<void> => {
	const {cwd, confFile} = prepare(t);
	const died = await runCommand(t, [process.execPath, fixture, confFile, point, drive], {
		cwd,
		limitMs,
	});
	t.is(died.signal, 'SIGKILL', `${point} is never reached: ${died.stderr}`);
	await goOn(t, point, {cwd, confFile});
};

/** The predecessor lives: before the last step it has the program still, after it the program has nobody. */
const successorDiesAt = async (
	t: ExecutionContext,
	point: string,
	survivor: 'predecessor' | 'nobody',
): Promise<void> => {
	const {cwd, confFile} = prepare(t);
	const first = startCommand(t, [process.execPath, fixture, confFile, point, 'reload'], {
		cwd,
		limitMs,
	});
	await waitFor(`${point}: reached`, () => existsSync(path.join(cwd, 'reached')), limitMs);
	if (survivor === 'nobody') t.is((await first.result).exitCode, 0, point);
	else {
		const {manager, state, handover} = await waitFor(
			`${point}: a hand-over that failed`,
			async () => {
				const status = JSON.parse(
					(await zeoctl(t, ['-C', confFile, 'status', '--json'], {cwd})).stdout,
				);
				return status.handover?.state === 'failed' ? status : undefined;
			},
			limitMs,
		);
		t.is(manager, first.pid, point);
		t.is(state, 'running', point);
		t.regex(handover.reason, /SIGKILL/, point);
	}
	await goOn(t, point, {cwd, confFile});
};

const goOn = async (
	t: ExecutionContext,
	point: string,
	{cwd, confFile}: {readonly cwd: string; readonly confFile: string},
): Promise<void> => {
	const started = await zeoctl(t, ['-C', confFile, 'start'], {cwd});
	t.is(started.exitCode, 0, `${point}: ${started.stdout}${started.stderr}`);
	// What a dead leader has left behind is taken over, ended and replaced: that start is still under way then.
	const {pid} = await waitFor(`${point}: a program that runs`, async () => {
		const status = JSON.parse(
			(await zeoctl(t, ['-C', confFile, 'status', '--json'], {cwd})).stdout,
		);
		return status.state === 'running' ? status : undefined;
	});
	const holders = findHolders(path.join(cwd, 'Data.fs'));
	t.deepEqual(holders, [pid], `${point}: not one program`);
	const stopped = await zeoctl(t, ['-C', confFile, 'stop'], {cwd});
	t.is(stopped.exitCode, 0, `${point}: ${stopped.stdout}${stopped.stderr}`);

	t.deepEqual(lines(path.join(cwd, 'violations')), [], `${point}: two programs at once`);
	const printed = new Set(lines(path.join(cwd, 'log')));
	const lost = lines(path.join(cwd, 'noted')).filter(line => !printed.has(line));
	t.deepEqual(lost, [], `${point}: lost output`);
	t.true(printed.size > 0, point);
	const lock = path.join(cwd, 'Data.fs.zeoctl-lock');
	t.is((await runCommand(t, ['flock', '-n', lock, 'true'])).exitCode, 0, `${point}: still locked`);
};

for (const [point, drive] of points) {
	test(`promises 1 and 3: a supervisor killed at "${point}" leaves one server or none, and the next start goes on`, async t => {
		t.log(`one of ${count} crash points, ${rounds} rounds`);
		for (let round = 0; round < rounds; round += 1) await dieAt(t, point, drive);
	});
}

// One after the other: each starts four processes of Node.
for (const [point, drive] of handOverPoints) {
	test.serial(
		`a supervisor killed at "${point}" of a hand-over leaves one server, and the next start goes on`,
		async t => {
			t.log(`one of ${count} crash points, ${rounds} rounds`);
			for (let round = 0; round < rounds; round += 1) await dieAt(t, point, drive);
		},
	);
}

for (const [point, survivor] of successorPoints) {
	test.serial(
		`a successor killed at "${point}" leaves one server, and the next start goes on`,
		async t => {
			t.log(`one of ${count} crash points, ${rounds} rounds`);
			for (let round = 0; round < rounds; round += 1) await successorDiesAt(t, point, survivor);
		},
	);
}
