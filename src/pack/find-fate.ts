import type {PackMeasure} from '../history/pack-record.js';
import {floatText} from '../schema/python-number.js';
import {judgeFate, type PackFate} from './fate.js';
import type {JobPorts} from './job-ports.js';
import {measure} from './measure.js';
import {findPackInLog, type LoggedPack, packLabel} from './server-log.js';
import type {PackTarget} from './target.js';

/** A pack whose end nobody was told. */
export type LostPack = {
	readonly target: PackTarget;
	readonly run: string;
	readonly packTime: number | null;
	readonly inodeBefore: string | undefined;
	readonly serverStartBefore: string | null;
	/** Undefined where it was not measured. */
	readonly before: PackMeasure | undefined;
};

/** Waits, for a while, until it can be told what became of a pack. Rejects only with the reason of the signal. */
export const findFate = async (
	pack: LostPack,
	signal: AbortSignal,
	ports: JobPorts,
): Promise<PackFate> => {
	const deadline = ports.now() + ports.limits.fateMs / 1000;
	for (;;) {
		const fate = await seeFate(pack, signal, ports);
		const isOpen = fate.fate === 'going-on' || fate.fate === 'unclear';
		if (!isOpen || ports.now() >= deadline) return fate;
		await ports.wait(ports.limits.lookMs, signal);
	}
};

/** What can be told at this moment. */
export const seeFate = async (
	{target, run, packTime, inodeBefore, serverStartBefore, before}: LostPack,
	signal: AbortSignal,
	ports: JobPorts,
): Promise<PackFate> => {
	const {files, storage} = target;
	const server = await ports.ask(target, signal);
	return judgeFate({
		inodeBefore,
		serverStartBefore,
		files: files && ports.kind.glance(files.dataPath),
		isHeld: files && ports.isHeld(files),
		log: findInLog({run, storage, packTime}, ports),
		server,
		isSmaller:
			files === undefined && server.answers && before !== undefined
				? await isSmallerNow(target, before, signal, ports)
				: undefined,
		repair: files ? ports.repair(files) : null,
	});
};

/** What the server's log says of a pack. */
export const findInLog = (
	{run, storage, packTime}: Pick<LostPack, 'run' | 'packTime'> & {readonly storage: string},
	{readLog}: Pick<JobPorts, 'readLog'>,
): LoggedPack =>
	findPackInLog(readLog(), {
		label: packLabel(run, storage),
		time: packTime === null ? undefined : floatText(packTime),
	});

const isSmallerNow = async (
	target: PackTarget,
	before: PackMeasure,
	signal: AbortSignal,
	ports: JobPorts,
): Promise<boolean | undefined> => {
	const now = await measureAnyhow(target, signal, ports);
	return now.size === null || before.size === null
		? undefined
		: now.size < before.size || (now.objects ?? 0) < (before.objects ?? 0);
};

/** What a storage is now, without its server where that does not answer. */
export const measureAnyhow = async (
	target: PackTarget,
	signal: AbortSignal,
	ports: JobPorts,
): Promise<PackMeasure> => {
	try {
		const client = await ports.open(target, {label: 'zeoctl pack', signal});
		try {
			return await measure(target, client, ports);
		} finally {
			client.close();
		}
	} catch {
		return measure(target, undefined, ports);
	}
};
