import {isRunAlive} from '../pack/run-life.js';
import {runScheduled} from '../pack/scheduled.js';
import {ZeoctlError} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import {answer} from './output.js';
import {perform} from './pack-command.js';
import {packExitCode} from './pack-exit-code.js';
import {instanceHistory, openInstancePacks, packInstance} from './pack-instance.js';
import {settleBrokenRuns} from './pack-run-ports.js';

/** Makes the runs that are due by the schedule, whoever asks; resolves to the exit status. */
export const packScheduled = async (context: InstanceContext): Promise<number> => {
	const {system, settings, action} = context;
	if (action.argumentWords.length > 1)
		throw new ZeoctlError('USAGE', 'cannot pack: --scheduled stands alone', {
			hint: 'zeoctl help pack',
		});
	const {packs} = settings;
	if (packs.length === 0)
		throw new ZeoctlError('CONFIGURATION', 'cannot pack by schedule: the conf has no <pack>', {
			hint: 'add a section: <pack> and </pack>, each on a line of its own',
		});
	const opened = openInstancePacks(context, {storages: []});
	const storages = system.resolveServer(settings)?.storages ?? [];
	const {history, append} = instanceHistory(context);
	const readFacts = () => ({
		...{history: history(), packs, storages, isAlive: isRunAlive},
		now: system.clock.now() / 1000,
	});
	return perform(context, async shared => {
		// A pack that was broken off may have come to a good end at the server.
		await settleBrokenRuns(opened.world, {...opened, signal: shared.signal});
		const runs = await runScheduled({
			readFacts,
			append,
			run: request => packInstance(context, {...shared, ...request}),
		});
		const records = runs.flatMap(run => (run.result === 'not-due' ? [] : run.records));
		answer(context, {action: 'pack', outcome: 'scheduled', storages: records});
		return packExitCode(records);
	});
};
