import {renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sparingSwaps} from '../../src/daemon/swap-guard.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import {spawnProgram} from '../../src/program/spawn.js';
import type {SpawnedProgram} from '../../src/supervisor/ports.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const startGuarded = async (t: ExecutionContext, file: string): Promise<SpawnedProgram> => {
	const spawner = sparingSwaps(
		{
			lastOutput: () => [],
			spawn: async onExit => ({
				outcome: 'spawned',
				program: await spawnProgram(
					{file: '/bin/sleep', argv: ['sleep', '600'], environment: {}, output: 'inherit'},
					onExit,
				),
			}),
		},
		() => [file],
	);
	const outcome = await spawner.spawn(() => undefined);
	if (outcome.outcome === 'refused') throw new Error(outcome.reason);
	const {program} = outcome;
	t.teardown(() => program.signalGroup('SIGTERM'));
	return program;
};

const isAlive = ({pid}: SpawnedProgram): boolean =>
	/[SRT]/.test(readProcessStat(pid)?.state ?? 'X');

test('SIGKILL comes through where no pack is at its end', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(file, '');
	writeFileSync(`${file}.pack`, '');
	const program = await startGuarded(t, file);
	program.signalGroup('SIGKILL');
	await waitFor('the end', () => !isAlive(program));
	t.pass();
});

test('SIGKILL waits while the data file has no name, and the program goes on meanwhile', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(`${file}.pack`, '');
	const program = await startGuarded(t, file);
	program.signalGroup('SIGKILL');
	let stops = 0;
	await waitFor('the program to be held and let go several times', () => {
		if (readProcessStat(program.pid)?.state === 'T') stops += 1;
		return stops > 0 && readProcessStat(program.pid)?.state === 'S';
	});
	t.true(isAlive(program));
	renameSync(`${file}.pack`, file);
	await waitFor('the end', () => !isAlive(program));
	t.pass();
});
