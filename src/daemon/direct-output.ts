import {closeSync, fstatSync, lstatSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {TranscriptState} from '../control/messages.js';
import {systemClock} from '../platform/clock.js';
import {errorMessage} from '../platform/errors.js';
import type {TranscriptSettings} from '../settings/settings.js';
import {openTranscript} from '../transcript/direct.js';
import {knownFileSystem, type LogFileSystem} from '../transcript/file-system.js';
import {noteGiven, openGiven} from '../transcript/given-file.js';
import {lastOutputOf} from '../transcript/last-output.js';
import {isNameOf} from '../transcript/live-file.js';
import {type ReopenResult, reopenTranscript} from '../transcript/reopen.js';
import {
	decideOwner,
	findNewestOldFile,
	readMemory,
	writeMemory,
} from '../transcript/rotation-owner.js';
import {type RotationEvent, type Rotator, startRotator} from '../transcript/rotator.js';
import {appendQuietly, endPatienceMs, type OutputWatch, type ProgramOutput} from './output-port.js';
import {openTranscriptDisk, type TranscriptDisk} from './transcript-disk.js';
import {createNews} from './transcript-news.js';

/** The transcript as the program's own stdout and stderr, rotated under the program. */
export const openDirectOutput = ({
	path: file,
	umask,
	runDirectory,
	settings,
	formerPid,
}: {
	readonly path: string;
	readonly umask: number;
	readonly runDirectory: string;
	readonly settings: TranscriptSettings;
	/** The program that an earlier supervisor has left. */
	readonly formerPid: number | undefined;
}): ProgramOutput => {
	const given = formerPid === undefined ? undefined : openGiven(runDirectory, formerPid);
	let descriptor = given ?? openTranscript({path: file, umask});
	let noted: string | undefined;
	let start = 0;
	let watched: OutputWatch | undefined;
	let turn = 0;
	let rotator: Rotator | undefined;
	let reopenings = 0;
	let reopening: Promise<unknown> = Promise.resolve();
	let isClosed = false;
	let disk: TranscriptDisk | undefined;
	let resting: Promise<unknown> = Promise.resolve();
	let noteReopened: (result: ReopenResult) => void = () => undefined;
	let presentState: NonNullable<ProgramOutput['presentState']> = async () => undefined;

	const begin = async (context: OutputWatch): Promise<void> => {
		const {stateDirectory, programPid} = context;
		const own = ++turn;
		const isOver = (): boolean => watched === undefined || own !== turn;
		await sleep(calmMs, undefined, {ref: false});
		if (isOver()) return;
		const isFile = fstatSync(descriptor).isFile();
		const fileSystem = isFile ? await knownFileSystem(path.dirname(file)) : undefined;
		if (isOver()) return;
		let memory = readMemory(stateDirectory);
		const owner = () =>
			decideOwner({
				isAsked: settings.isAsked,
				memory,
				newestOldFile: memory === undefined ? findNewestOldFile(file) : undefined,
				now: Date.now(),
			});
		const rotatedBy = isFile ? owner() : 'nobody';
		let rotationProblem: string | undefined;
		const problem = (): string | null => disk?.trouble()?.problem ?? rotationProblem ?? null;
		const initial = initialState(file, rotatedBy, fileSystem);
		const news = createNews({...context, initial: {...initial, problem: problem()}});
		if (!isFile) return;
		disk ??= openTranscriptDisk({file, descriptor, runDirectory, stateDirectory});
		const {ask, suspect} = disk;
		disk.tellTo(news, () => news.change({problem: problem()}));
		presentState = async () => {
			await ask();
			return news.state();
		};
		let rotations = 0;
		noteReopened = ({confirmed, rotatedTo, lossless, reason}) => {
			if (confirmed && rotatedTo !== undefined) {
				memory = {owner: 'outside', at: Date.now()};
				writeMemory(stateDirectory, memory);
				news.change({rotatedBy: owner()});
			}
			if (!lossless && reason !== undefined) news.tell(reason);
		};
		const noteCut = ({removed, rotatedTo, loss}: Extract<RotationEvent, {event: 'cut'}>) => {
			start = Math.max(0, start - removed);
			if (memory?.owner !== 'zeoctl') {
				memory = {owner: 'zeoctl', at: Date.now()};
				writeMemory(stateDirectory, memory);
			}
			if (rotatedTo === undefined) news.tell(`${removed} bytes were removed to respect the limits`);
			else if (loss !== undefined) news.tell(loss);
			if (rotatedTo !== undefined) rotations += 1;
			news.change({rotatedBy: 'zeoctl', rotations, lastRotation: systemClock.unixSeconds()});
		};
		rotator = startRotator({
			path: file,
			descriptor,
			runDirectory,
			limits: settings,
			isOurs: () => owner() === 'zeoctl',
			programPid: () => programPid() ?? undefined,
			tell(event) {
				if (event.event === 'cut') return noteCut(event);
				rotationProblem = event.problem;
				if (rotationProblem !== undefined) news.tell(rotationProblem);
				news.change({problem: problem()});
			},
			onCalm: suspect,
		});
	};

	const rest = async (): Promise<void> => {
		watched = undefined;
		presentState = async () => undefined;
		disk?.rest();
		await endRotator();
	};

	/** Resolves when rotations that are under way are done. */
	const endRotator = async (): Promise<void> => {
		const ending = rotator?.close();
		rotator = undefined;
		resting = Promise.all([resting, ending]);
		await resting;
	};

	const begunQuietly = (context: OutputWatch): Promise<void> =>
		begin(context).catch(error =>
			context.log.warning(`transcript: it is not rotated: ${errorMessage(error)}`),
		);

	/** The next program gets the file of the configured name, also when the last one wrote to a renamed or deleted one. */
	const renew = (): void => {
		const former = descriptor;
		try {
			const {ino: inode, dev: device} = fstatSync(former);
			if (isNameOf(file, {inode, device}) || !mayBeOpened(file)) return;
			descriptor = openTranscript({path: file, umask});
		} catch {
			// The folder is gone, for instance: the program shall run all the same.
			return;
		}
		void endRotator().then(() => closeSync(former));
		disk?.close();
		disk = undefined;
		if (watched !== undefined) void begunQuietly(watched);
	};

	return {
		get descriptor() {
			return descriptor;
		},
		write(text) {
			if (!isClosed) appendQuietly(descriptor, text);
		},
		prepare() {
			// A file that is being reopened gets its name back.
			if (reopenings === 0) renew();
		},
		note() {
			noted = noteGiven(runDirectory, descriptor, noted);
		},
		markStart() {
			start = fstatSync(descriptor).size;
		},
		lastLines: () => lastOutputOf(descriptor, start),
		async reopen(programPid) {
			// The descriptor may be another file's by now.
			if (isClosed) return {reply: 'reopened', confirmed: false, reason: 'it is closed'};
			reopenings += 1;
			const reopened = reopenTranscript({
				path: file,
				descriptor,
				runDirectory,
				programPid: programPid ?? undefined,
			}).finally(() => {
				reopenings -= 1;
			});
			reopening = reopened.catch(() => undefined);
			const result = await reopened;
			const {confirmed, reason, removed} = result;
			start = Math.max(0, start - removed);
			noteReopened(result);
			void rotator?.look();
			return {reply: 'reopened', confirmed, ...(reason !== undefined && {reason})};
		},
		async watch(context) {
			if (watched !== undefined) return;
			watched = context;
			await begunQuietly(context);
		},
		presentState: () => presentState(),
		glance() {
			if (watched !== undefined) disk?.glance(watched.programPid());
		},
		unwatch: () => void rest(),
		rest,
		async close() {
			// What cannot be completed is left to the next supervisor.
			const complete = Promise.all([reopening, rest()]);
			await Promise.race([complete, sleep(endPatienceMs, undefined, {ref: false})]);
			isClosed = true;
			disk?.close();
			closeSync(descriptor);
		},
	};
};

/** A link that somebody has put in the place of the file is not followed. */
const mayBeOpened = (file: string): boolean =>
	lstatSync(file, {throwIfNoEntry: false})?.isFile() ?? true;

/** Milliseconds after a start in which the machine is left to the program. */
const calmMs = 500;

const initialState = (
	file: string,
	rotatedBy: TranscriptState['rotatedBy'],
	fileSystem: LogFileSystem | undefined,
): TranscriptState => ({
	path: file,
	mode: 'direct',
	rotatedBy,
	fileSystem: fileSystem?.type ?? 'none',
	caveat:
		fileSystem === undefined || fileSystem.removesHeads
			? null
			: `${fileSystem.reason ?? fileSystem.type}: a rotation copies and truncates, and may lose what is written at that moment`,
	rotations: 0,
	lastRotation: null,
	linesLost: 0,
	problem: null,
});
