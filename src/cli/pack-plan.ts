import {type Preparation, prepare} from '../pack/prepare.js';
import type {PackTarget} from '../pack/target.js';
import {renderBytes, renderTime} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {Context} from './command.js';
import {exitCode} from './exit-codes.js';
import {answer, say} from './output.js';
import {packExitCode} from './pack-exit-code.js';
import {type PackWorld, packJobPorts} from './pack-job-ports.js';
import {renderObjects} from './pack-text.js';

type Plan = {
	readonly world: PackWorld;
	readonly targets: readonly PackTarget[];
	readonly signal: AbortSignal;
};

/** Tells what a run would do now and whether it could; resolves to the exit status that it would have. */
export const showPlan = async (
	context: Context,
	{world, targets, signal}: Plan,
): Promise<number> => {
	const ports = packJobPorts(world);
	const seen: {readonly target: PackTarget; readonly found: Preparation}[] = [];
	for (const target of targets) {
		if (signal.aborted) return exitCode('failed');
		const found = await prepare(target, {run: 'dry-run', signal}, ports);
		found.client?.close();
		seen.push({target, found});
		say(context, renderPlan(target, found));
	}
	answer(context, {
		action: 'pack',
		outcome: 'dry-run',
		storages: seen.map(({target, found}) => ({
			storage: target.storage,
			address: target.address,
			possible: found.hindrance === undefined,
			outcome: found.hindrance?.outcome ?? null,
			reason: found.hindrance?.reason ?? null,
			advice: found.hindrance?.advice ?? null,
			packTime: found.packTime,
			before: found.before,
			rooms: found.rooms,
		})),
	});
	return packExitCode(seen.flatMap(({found}) => found.hindrance ?? []));
};

const renderPlan = (
	{storage, address}: PackTarget,
	{packTime, before, rooms, hindrance}: Preparation,
): string => {
	const size = before?.size == null ? [] : [renderBytes(before.size)];
	const objects = before?.objects == null ? [] : [renderObjects(before.objects)];
	const would = `would be packed at ${address} to ${renderTime(packTime)}`;
	return [
		`${storage}: ${hindrance === undefined ? would : `cannot be packed now: ${hindrance.reason}`}`,
		...(size.length + objects.length === 0 ? [] : [`  ${[...size, ...objects].join(', ')}`]),
		...rooms.map(
			({path, needed, free}) =>
				`  disk of ${path}: ${renderBytes(free)} free, ${renderBytes(needed)} needed at most`,
		),
		...(hindrance?.advice == null ? [] : [`  next: ${hindrance.advice}`]),
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');
};
