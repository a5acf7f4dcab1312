import fs from 'node:fs';
import path from 'node:path';
import {monotonicMs} from '../platform/clock.js';
import {errorMessage} from '../platform/errors.js';
import {createCompressor} from './calm-compressor.js';
import {watchForChange} from './change-watch.js';
import {dropHead} from './drop-head.js';
import {isNameOf, openLive} from './live-file.js';
import {removeExcess} from './old-files.js';
import {rotateTranscript} from './rotate.js';
import {beginOf, decideDue, type RotationLimits, restAfter} from './rotation-due.js';

/** What a rotator tells. */
export type RotationEvent =
	/** The live file lost so many bytes of its head; they are in `rotatedTo`, or nowhere. */
	| {
			readonly event: 'cut';
			readonly removed: number;
			readonly rotatedTo?: string;
			readonly loss?: string;
	  }
	/** What keeps it from rotating; undefined when all is well again. */
	| {readonly event: 'problem'; readonly problem: string | undefined};

export type RotatorOptions = {
	/** The transcript, as configured, and a descriptor of it, as the program has it. */
	readonly path: string;
	readonly descriptor: number;
	readonly runDirectory: string;
	readonly limits: RotationLimits & {readonly compress: boolean};
	/** Asked at each look: somebody else may rotate. The file is then left alone, except when it is deleted. */
	readonly isOurs: () => boolean;
	readonly programPid: () => number | undefined;
	readonly tell: (event: RotationEvent) => void;
	/** Nothing is written any more, for now: there is nothing to say, or it fails, which wakes nobody. */
	readonly onCalm: () => void;
};

/** Keeps a transcript short while the program writes to it. */
export type Rotator = {
	/** Looks now, without waiting for a change; resolves when the look is done. */
	look(): Promise<void>;
	/** Resolves when a look that is under way is done, and old files that are being compressed are left as they were. */
	close(): Promise<void>;
};

/**
 * Rotates a transcript whenever it is too large or too old. Woken by the first write after a rest, and by one timer
 * where there is a `maxAge`; nothing runs while nothing is written.
 */
export const startRotator = (options: RotatorOptions): Rotator => {
	const {path: file, descriptor, runDirectory, limits, isOurs, tell} = options;
	const ending = new AbortController();
	let restUntil = 0;
	let ageTimer: NodeJS.Timeout | undefined;
	let looking: Promise<void> | undefined;
	let problem: string | undefined;
	let sizeSeen = 0;
	/** Another look is due although nothing may be written. */
	let isUnfinished = false;
	let wasElsewhere = false;

	const note = (found: string | undefined) => {
		if (found === problem) return;
		problem = found;
		tell({event: 'problem', problem});
	};

	const compressor = limits.compress
		? createCompressor({
				runDirectory,
				// Every rotation takes the lock.
				inTurn: work => work(),
				onRefusal: refusal => note(`old files are not compressed: ${refusal}`),
			})
		: undefined;

	const rotate = async (): Promise<string | undefined> => {
		const before = process.cpuUsage();
		const result = await rotateTranscript({
			path: file,
			runDirectory,
			oldFiles: limits.oldFiles,
			descriptor,
			programPid: options.programPid(),
		});
		const {user, system} = process.cpuUsage(before);
		restUntil = monotonicMs() + restAfter((user + system) / 1000 + helpersMs);
		if ('refused' in result) return result.refused;
		const {removed, rotatedTo, lossless, reason} = result;
		tell({
			event: 'cut',
			removed,
			rotatedTo,
			...(!lossless && reason !== undefined && {loss: reason}),
		});
		const {size} = fs.fstatSync(descriptor);
		const name = path.basename(rotatedTo).replace(/\.1$/, '');
		await removeExcess(path.dirname(rotatedTo), name, limits.totalSize - size);
		compressor?.rotated(path.dirname(rotatedTo), name);
		return undefined;
	};

	const drop = async (keep: number): Promise<string | undefined> => {
		const live = openLive({descriptor});
		if ('refused' in live) return live.refused;
		try {
			const name = isNameOf(file, live) ? fs.realpathSync(file) : undefined;
			if (name !== undefined) {
				await removeExcess(path.dirname(name), path.basename(name), limits.totalSize - keep);
			}
			const result = await dropHead({live, runDirectory, keep});
			if ('refused' in result) return result.refused;
			if (result.removed > 0) tell({event: 'cut', removed: result.removed});
			return undefined;
		} finally {
			live.close();
		}
	};

	const act = async (): Promise<string | undefined> => {
		const {size, nlink} = fs.fstatSync(descriptor);
		const growth = size - sizeSeen;
		sizeSeen = size;
		const live = openLive({descriptor});
		if ('refused' in live) return live.refused;
		const {at, headLength} = beginOf(live);
		const isNamed = isNameOf(file, live);
		live.close();
		if (nlink === 0) {
			// It takes room, and nobody can see it: only its end is kept.
			const refusal =
				size > limits.maxSize ? await drop(Math.floor(limits.maxSize / 2)) : undefined;
			return refusal ?? `"${file}" was deleted while the program writes to it; restart the program`;
		}
		if (!isNamed) return renamedElsewhere();
		wasElsewhere = false;
		if (!isOurs()) return undefined;
		const isResting = monotonicMs() < restUntil;
		const ageSeconds = size > headLength ? (Date.now() - at) / 1000 : 0;
		const work = decideDue(limits, {size, growth, ageSeconds, isResting});
		isUnfinished = work.due === 'wait';
		if (work.due === 'drop') return drop(work.keep);
		return work.due === 'rotate' ? rotate() : undefined;
	};

	// For a moment that is so in every rotation by others.
	const renamedElsewhere = (): string | undefined => {
		isUnfinished = !wasElsewhere;
		const isLasting = wasElsewhere;
		wasElsewhere = true;
		return isLasting
			? `"${file}" is not the file that the program writes to; type zeoctl reopen_transcript`
			: undefined;
	};

	const planAge = () => {
		clearTimeout(ageTimer);
		if (limits.maxAge === undefined) return;
		const live = openLive({descriptor});
		if ('refused' in live) return;
		const left = beginOf(live).at + limits.maxAge * 1000 - Date.now();
		live.close();
		ageTimer = setTimeout(wake, Math.min(Math.max(left, 1000), longestTimer));
		ageTimer.unref();
	};

	const look = (): Promise<void> => {
		isUnfinished = false;
		looking ??= act()
			.catch(errorMessage)
			.then(found => {
				looking = undefined;
				if (ending.signal.aborted) return;
				note(found);
				watch.arm(restMs);
				planAge();
			});
		return looking;
	};

	const wake = () => void look();
	const watch = watchForChange({
		descriptor,
		hasChanged: () => isUnfinished || fs.fstatSync(descriptor).size !== sizeSeen,
		onChange: wake,
		onCalm: options.onCalm,
	});
	wake();
	return {
		look,
		async close() {
			ending.abort();
			watch.close();
			clearTimeout(ageTimer);
			await Promise.all([compressor?.close(), looking]);
		},
	};
};

const restMs = 1000;
/** What the three helpers of a rotation take, in processor milliseconds. */
const helpersMs = 4.5;
/** What a timer of Node can hold, about 24 days. */
const longestTimer = 2_147_483_647;
