import {packTime} from '../pack/policy.js';
import {type PackRequest, type PackRun, runPacks} from '../pack/run.js';
import type {PackTarget} from '../pack/target.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Context, InstanceContext} from './command.js';
import {answer, say} from './output.js';
import {createBar} from './pack-bar.js';
import {packExitCode} from './pack-exit-code.js';
import {openInstancePacks, packInstance} from './pack-instance.js';
import type {PackOptions} from './pack-options.js';
import {showPlan} from './pack-plan.js';
import {openRemotePacks, readCredentials} from './pack-remote.js';
import {packRunPorts} from './pack-run-ports.js';
import {renderPack} from './pack-text.js';

/** Packs storages of the conf; resolves to the exit status. */
export const packLocal = async (
	context: InstanceContext,
	{days, timeOfDay, storages, ...options}: PackOptions,
): Promise<number> => {
	if (options.certificate !== undefined || options.key !== undefined)
		throw new ZeoctlError('USAGE', 'cannot pack: --certificate and --key belong to --server');
	const credentials = readCredentials(context.system, options);
	const wanted = {storages, limit: {days, timeOfDay}, credentials};
	const {world, targets} = openInstancePacks(context, wanted);
	refuseFuture(targets, context.system.clock.now() / 1000);
	return perform(context, shared =>
		options.dryRun
			? showPlan(context, {world, targets, signal: shared.signal})
			: packInstance(context, {...shared, ...wanted, slot: null, by: nameOf(context)}),
	);
};

/** Packs storages of servers that are named by their addresses; resolves to the exit status. */
export const packRemote = async (context: Context, options: PackOptions): Promise<number> => {
	const {world, targets} = openRemotePacks(context.system, options);
	refuseFuture(targets, context.system.clock.now() / 1000);
	const ports = packRunPorts(world, {lockFolder: undefined, targets});
	return perform(context, shared =>
		options.dryRun
			? showPlan(context, {world, targets, signal: shared.signal})
			: runPacks({...shared, targets, slot: null, by: nameOf(context)}, ports),
	);
};

const nameOf = ({system: {environment}}: Context): string =>
	environment['LOGNAME'] ?? environment['USER'] ?? 'somebody';

/** What every run has that a person or a schedule asked for on the command line. */
type SharedRequest = Required<Pick<PackRequest, 'signal' | 'onProgress' | 'onRecord'>>;

/**
 * Runs packs as a command: signals interrupt them, a terminal shows how far they are, every storage is told as it is
 * done. Resolves to the exit status.
 */
export const perform = async (
	context: Context,
	act: (shared: SharedRequest) => Promise<PackRun | number>,
): Promise<number> => {
	const ending = new AbortController();
	const ignore = context.system.onEnd(signal => ending.abort(signal));
	const bar = createBar(context);
	try {
		const run = await act({
			signal: ending.signal,
			onProgress: bar.draw,
			onRecord(record) {
				bar.clear();
				say(context, renderPack(record));
			},
		});
		if (typeof run === 'number') return run;
		const records = run.result === 'not-due' ? [] : run.records;
		answer(context, {action: 'pack', outcome: run.result, storages: records});
		return packExitCode(records);
	} finally {
		bar.clear();
		ignore();
	}
};

/** Everything would be dropped, which nobody means by a time that is still to come. */
const refuseFuture = (targets: readonly PackTarget[], now: number): void => {
	if (targets.some(({limit}) => packTime(limit, now) > now))
		throw new ZeoctlError('USAGE', 'cannot pack: the time is still to come', {
			hint: 'zeoctl help pack',
		});
};
