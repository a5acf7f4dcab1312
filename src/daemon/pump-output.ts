import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {TranscriptState} from '../control/messages.js';
import {systemClock} from '../platform/clock.js';
import {errorMessage} from '../platform/errors.js';
import {keepCodePlain} from '../platform/plain-code.js';
import type {TranscriptSettings} from '../settings/settings.js';
import {openTranscript} from '../transcript/direct.js';
import {markClosed, markOpen, openFifo, pipeSize} from '../transcript/fifo.js';
import {fileSystemType} from '../transcript/file-system.js';
import {lastLinesOf} from '../transcript/last-output.js';
import {pathOfDescriptor} from '../transcript/live-file.js';
import {type PumpTarget, startPump} from '../transcript/pump.js';
import {openRotatingTarget, type RotatingTarget} from '../transcript/rotating-target.js';
import {
	decideOwner,
	findNewestOldFile,
	type RotationMemory,
	readMemory,
	writeMemory,
} from '../transcript/rotation-owner.js';
import {findOnDisk, type OnHeldDisk} from './held-disk.js';
import {endPatienceMs, type OutputWatch, type ProgramOutput} from './output-port.js';
import {createNews, type TranscriptNews} from './transcript-news.js';

type PumpPlace = {
	/** Undefined: the supervisor's own output. */
	readonly path: string | undefined;
	readonly umask: number;
	readonly runDirectory: string;
	readonly settings: TranscriptSettings;
	/** The program that an earlier supervisor has left. */
	readonly formerPid: number | undefined;
	/** Another supervisor still reads the pipe. */
	readonly isSuccessor: boolean;
};

/** The transcript as the supervisor writes it, from a pipe that the program writes to. */
export const openPumpOutput = async (place: PumpPlace): Promise<ProgramOutput> => {
	const {path: file, umask, runDirectory, settings, formerPid, isSuccessor} = place;
	let news: TranscriptNews | undefined;
	let rotations = 0;
	let memory: RotationMemory | undefined;
	let stateDirectory: string | undefined;
	let device: number | undefined;
	let fileSystem = 'none';
	let ours: OnHeldDisk | undefined;
	let isWriting = false;
	const remember = (owner: RotationMemory['owner']) => {
		if (memory?.owner === 'zeoctl' && owner === 'zeoctl') return;
		memory = {owner, at: Date.now()};
		if (stateDirectory !== undefined) writeMemory(stateDirectory, memory);
	};
	const owner = () =>
		decideOwner({
			isAsked: settings.isAsked,
			memory,
			newestOldFile:
				memory === undefined && file !== undefined ? findNewestOldFile(file) : undefined,
			now: Date.now(),
		});
	const open = (name: string): Promise<RotatingTarget> => {
		const descriptor = openTranscript({path: name, umask});
		device = fs.fstatSync(descriptor).dev;
		fileSystem = fileSystemType(pathOfDescriptor(descriptor));
		return openRotatingTarget({
			path: name,
			descriptor,
			runDirectory,
			limits: settings,
			isOurs: () => owner() === 'zeoctl',
			onRotated() {
				rotations += 1;
				remember('zeoctl');
				news?.change({rotations, lastRotation: systemClock.unixSeconds(), problem: null});
			},
			onProblem(problem) {
				if (problem !== undefined) news?.tell(problem);
				news?.change({problem: problem ?? null});
			},
		});
	};
	const rotating = file === undefined ? undefined : await open(file);
	const target = rotating ?? ownOutput;
	// News that go to the disk which is written to wait until it has answered.
	const hold = () => {
		if (isWriting && ours !== undefined) news?.hold(ours);
	};
	const write: PumpTarget['write'] = async pieces => {
		isWriting = true;
		hold();
		try {
			return await target.write(pieces);
		} finally {
			isWriting = false;
			if (ours !== undefined) news?.release();
		}
	};
	const fifo = await openFifo(runDirectory, formerPid);
	let trouble: Pick<TranscriptState, 'linesLost' | 'problem'> = {linesLost: 0, problem: null};
	const tellTrouble = atMostOncePerSecond((failure: string | undefined, lost: number) => {
		trouble = {linesLost: lost, problem: failure ?? null};
		if (failure !== undefined) news?.tell(`output cannot be written: ${failure}`);
		if (lost > 0) news?.tell(`${lost} lines of output were lost; the transcript says where`);
		news?.change(trouble);
	});
	const letOptimize = keepCodePlain();
	const pump = startPump({
		...settings,
		fifo,
		target: {write},
		endsOpen: !isSuccessor && rotating !== undefined && !rotating.isAtLineStart(),
		onTrouble: tellTrouble,
		startsAtRest: isSuccessor,
	});
	let isResting = isSuccessor;
	let isClosed = false;
	if (!isSuccessor && markOpen(runDirectory, fifo)) {
		const most = settings.queueSize + pipeSize;
		pump.remark(
			`an earlier supervisor was killed: what it had read and not written, at most ${most} bytes, is missing here`,
		);
	}

	const begin = async (context: OutputWatch): Promise<void> => {
		stateDirectory = context.stateDirectory;
		memory = readMemory(stateDirectory);
		const initial = {...initialState(file, owner()), fileSystem, ...trouble};
		news = createNews({...context, initial});
		ours = device === undefined ? undefined : findOnDisk(device, {runDirectory, ...context});
		hold();
		if (!isResting) return;
		isResting = false;
		// Who had it before may have rotated it.
		await rotating?.reopen();
		if (!isResting) pump.wake();
	};

	return {
		descriptor: fifo.descriptor,
		write(text) {
			if (!isClosed) pump.add(text);
		},
		prepare: () => undefined,
		markStart: pump.mark,
		giveWay: pump.giveWay,
		lastLines: () => lastLinesOf(pump.recent()),
		async reopen() {
			const {wasMoved, refusal: reason} = (await rotating?.reopen()) ?? {wasMoved: false};
			if (wasMoved && reason === undefined) remember('outside');
			news?.change({rotatedBy: file === undefined ? 'nobody' : owner()});
			return {
				reply: 'reopened',
				confirmed: reason === undefined,
				...(reason !== undefined && {reason: `cannot open "${file}": ${reason}`}),
			};
		},
		watch: begin,
		presentState: async () => news?.state(),
		unwatch: () => undefined,
		async rest() {
			if (isResting) return;
			isResting = true;
			await pump.rest();
		},
		async close() {
			const late = sleep(endPatienceMs, undefined, {ref: false});
			const left = await pump.close();
			isClosed = true;
			if (left > 0) news?.tell(`${left} bytes of output could not be written at the end`);
			letOptimize();
			// Who has it now is not done with it.
			if (!isResting) markClosed(runDirectory);
			// A network file system may tell an earlier failure here, when nothing can be done about it.
			await Promise.race([rotating?.close().catch(() => undefined), late]);
		},
	};
};

/** Standard output, which is the journal under systemd. */
const ownOutput: PumpTarget = {
	write: pieces =>
		new Promise(resolve => {
			fs.writev(1, pieces, (error, written = 0) =>
				resolve(error ? {written: 0, failure: errorMessage(error)} : {written}),
			);
		}),
};

const initialState = (
	file: string | undefined,
	owner: RotationMemory['owner'],
): Omit<TranscriptState, 'fileSystem'> => ({
	path: file ?? '/dev/stdout',
	mode: 'pump',
	rotatedBy: file === undefined ? 'nobody' : owner,
	caveat: null,
	rotations: 0,
	lastRotation: null,
	linesLost: 0,
	problem: null,
});

/** Calls with the last arguments, at once and then at most once a second. */
const atMostOncePerSecond = (
	tell: (failure: string | undefined, lost: number) => void,
): ((failure: string | undefined, lost: number) => void) => {
	let timer: NodeJS.Timeout | undefined;
	let next: (() => void) | undefined;
	const rest = () => {
		timer = setTimeout(() => {
			timer = undefined;
			const call = next;
			next = undefined;
			call?.();
			if (call !== undefined) rest();
		}, 1000);
		timer.unref();
	};
	return (failure, lost) => {
		if (timer !== undefined) {
			next = () => tell(failure, lost);
			return;
		}
		tell(failure, lost);
		rest();
	};
};
