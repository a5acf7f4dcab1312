import {existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {SpawnStep} from '../../src/daemon/guarded-spawner.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import type {Effect} from '../../src/supervisor/state.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand, zeoctl} from '../helpers/zeoctl.js';

/** What has to happen, once the program runs, for an effect to come about. */
type Drive = 'none' | 'stop' | 'stop-in-pack' | 'crash';

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

const points: readonly (readonly [point: string, drive: Drive])[] = [
	...Object.entries(effects).flatMap(([effect, drive]) => [
		[`before ${effect}`, drive] as const,
		[`after ${effect}`, drive] as const,
	]),
	...Object.entries(steps),
];
const rounds = 3;

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

const dieAt = async (t: ExecutionContext, point: string, drive: Drive): Promise<void> => {
	const cwd = temporaryFolder(t);
	const confFile = path.join(cwd, 'z.conf');
	writeFileSync(confFile, conf.replace('{folder}', cwd));
	writeFileSync(path.join(cwd, 'program'), program, {mode: 0o755});
	const fixture = path.join(projectRoot, 'build/test/fixtures/programs/supervisor-that-dies.js');
	const died = await runCommand(t, [process.execPath, fixture, confFile, point, drive], {cwd});
	t.is(died.signal, 'SIGKILL', `${point} is never reached: ${died.stderr}`);

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
	test(`a supervisor killed at "${point}" leaves one server or none, and the next start goes on`, async t => {
		t.log(`one of ${points.length} crash points, ${rounds} rounds`);
		for (let round = 0; round < rounds; round += 1) await dieAt(t, point, drive);
	});
}
