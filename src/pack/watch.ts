import {ZeoCallError} from '../zeo/call-error.js';
import type {JobPorts} from './job-ports.js';
import {seeProgress} from './progress.js';
import type {PackProgress, PackTarget} from './target.js';

type WatchOptions = {
	readonly target: PackTarget;
	/** Ends the watch. */
	readonly signal: AbortSignal;
	/** Free disk before the pack. */
	readonly freeBefore: number | null;
	readonly onProgress: (progress: PackProgress) => void;
	/** Whether the server's log says that it was told to end: it then keeps the connection, and never answers. */
	readonly isStopped: () => boolean;
	/** Called once, when the server will not answer any more, or has not for too long. */
	readonly onMute: (error: ZeoCallError) => void;
};

/** What was seen while a pack ran: alarms, as lines for its record. */
export type Watch = {readonly warnings: readonly string[]};

/**
 * Looks after a pack that runs: tells how far it is, asks the server whether it is well, and raises an alarm when the
 * disk fills. A pack of ZEO cannot be stopped by a client. Resolves when the signal ends it.
 */
export const watchPack = async (options: WatchOptions, ports: JobPorts): Promise<Watch> => {
	const warnings: string[] = [];
	const {lookMs, askMs} = ports.limits;
	const looking = repeat(lookMs, options, ports, createLook(options, ports, warnings));
	const asking = repeat(askMs, options, ports, createQuestion(options, ports));
	await Promise.all([looking, asking]);
	return {warnings};
};

const repeat = async (
	ms: number,
	{signal}: WatchOptions,
	{wait}: JobPorts,
	act: () => Promise<void>,
): Promise<void> => {
	try {
		for (;;) {
			await wait(ms, signal);
			await act();
		}
	} catch (error) {
		if (!signal.aborted) throw error;
	}
};

const createLook = (
	{target, freeBefore, onProgress}: WatchOptions,
	ports: JobPorts,
	warnings: string[],
): (() => Promise<void>) => {
	const {kind, freeBytes, diskFloor, renderBytes} = ports;
	const {storage, files} = target;
	const glance = () => files && kind.glance(files.dataPath);
	const before = glance();
	const began = ports.now();
	const last = ports.lastPack(storage);
	let isLow = freeBefore !== null && freeBefore < diskFloor;
	return async () => {
		const free = files && (await freeBytes(files.dataPath));
		let alarm: string | null = null;
		if (free !== undefined && free < diskFloor && !isLow) {
			isLow = true;
			alarm = `the pack leaves ${renderBytes(free)} on the disk of ${files?.dataPath}, less than the disk-floor of ${renderBytes(diskFloor)}; it cannot be stopped, only the disk can be cleared`;
			warnings.push(alarm);
			ports.alarm(storage, alarm);
		}
		const facts = {before, now: glance(), seconds: ports.now() - began, last};
		onProgress({storage, alarm, ...seeProgress(facts)});
	};
};

const createQuestion = (
	{target, signal, isStopped, onMute}: WatchOptions,
	ports: JobPorts,
): (() => Promise<void>) => {
	let answeredAt = ports.now();
	let isMute = false;
	return async () => {
		const {answers} = await ports.ask(target, signal);
		if (answers) answeredAt = ports.now();
		const isLate = ports.now() - answeredAt >= ports.limits.muteMs / 1000;
		if (answers || isMute || !(isLate || isStopped())) return;
		isMute = true;
		onMute(new ZeoCallError({result: 'mute'}));
	};
};
