import fs from 'node:fs';
import path from 'node:path';
import {errorMessage} from '../platform/errors.js';
import {temporaryName} from './copy.js';
import {
	type CutContext,
	type CutRefusal,
	type CutResult,
	type CutStep,
	startCut,
} from './cut-steps.js';
import {knownFileSystem} from './file-system.js';
import {type CutJournal, readJournal, withCutLock} from './journal.js';
import {type LiveFile, pathOfDescriptor} from './live-file.js';
import {planFill, renderMarkerLine} from './marker.js';
import {type CutSurroundings, recoverUnderLock, withFile} from './recover.js';
import {copyAndTruncate} from './truncate.js';

/** Which cut to make, decided when nothing else is under way any more. */
type CutIntent = {
	readonly kind: CutJournal['kind'];
	readonly path: string;
	readonly liveName: string;
	/** The name that the marker gives: where the head will be. */
	readonly rotatedName: string;
	readonly oldFiles: number;
};

/** The cut to make, or what came out instead. */
type Prepared<Other> = CutIntent | {readonly instead: Other};

/** What every cut needs. `at` is the time in the marker; `onStep` is called before each step. */
export type CutOptions = {
	readonly live: LiveFile;
	readonly runDirectory: string;
	readonly at: Date;
	readonly onStep?: (step: CutStep) => void | Promise<void>;
};

/**
 * Moves what the live file holds now into another file and removes it from its head, while the program goes on
 * writing. First completes a cut that a killed process left. `prepare` decides last, under the lock: the cut to
 * make, or any other outcome, which is handed through. A failure half-way is a refusal too; the journal stays, and
 * the next call completes it.
 */
export const cutHead = <Other>(
	{live, runDirectory, at, onStep = () => {}}: CutOptions,
	prepare: (recovered: CutResult | undefined) => Prepared<Other> | Promise<Prepared<Other>>,
): Promise<CutResult | CutRefusal | {readonly instead: Other}> =>
	refusingErrors(() =>
		withCutLock(runDirectory, async lock => {
			const surroundings = {runDirectory, lock, onStep};
			const recovered = await recoverUnderLock(surroundings);
			if (recovered !== undefined && 'refused' in recovered) return recovered;
			const intent = await prepare(recovered);
			return 'instead' in intent ? intent : makeCut({surroundings, live, intent, at});
		}),
	);

/**
 * Completes a cut that a killed process left in the middle, if there is one; `refused` says why it could not. To be
 * called when a supervisor starts, before anything else touches the file; costs nothing when all is well.
 */
export const recoverCut = async ({
	runDirectory,
	onStep = () => {},
}: Pick<CutOptions, 'runDirectory' | 'onStep'>): Promise<CutResult | CutRefusal | undefined> =>
	refusingErrors(async () =>
		readJournal(runDirectory) === undefined
			? undefined
			: withCutLock(runDirectory, lock => recoverUnderLock({runDirectory, lock, onStep})),
	);

const makeCut = async ({
	surroundings,
	live,
	intent,
	at,
}: {
	readonly surroundings: CutSurroundings;
	readonly live: LiveFile;
	readonly intent: CutIntent;
	readonly at: Date;
}): Promise<CutResult | CutRefusal> => {
	const folder = path.dirname(intent.liveName);
	fs.accessSync(folder, fs.constants.W_OK);
	const fileSystem = await knownFileSystem(folder);
	const {size} = fs.fstatSync(live.descriptor);
	if (!hasRoom(live, size)) return {refused: 'the disk has no room for a copy'};
	if (fileSystem.isUntried && fileSystem.reason !== undefined) return {refused: fileSystem.reason};
	const context = withFile(surroundings, live);
	const journal = makeJournal(intent, {...context, size, at});
	return fileSystem.removesHeads
		? startCut(context, journal)
		: copyAndTruncate(context, journal, fileSystem.reason ?? fileSystem.type);
};

const refusingErrors = async <Result>(
	work: () => Promise<Result>,
): Promise<Result | CutRefusal> => {
	try {
		return await work();
	} catch (error) {
		return {refused: `the file cannot be cut: ${errorMessage(error)}`};
	}
};

const makeJournal = (
	intent: CutIntent,
	{live, blockSize, size, at}: CutContext & {readonly size: number; readonly at: Date},
): CutJournal => ({
	version: 1,
	stage: 'marking',
	kind: intent.kind,
	path: intent.path,
	liveName: intent.liveName,
	inode: live.inode,
	born: fs.fstatSync(live.descriptor).birthtimeMs,
	temporary: temporaryName(intent.liveName),
	oldFiles: intent.oldFiles,
	line: renderMarkerLine(intent.rotatedName, at),
	fill: planFill(size, blockSize),
	from: size,
});

const hasRoom = (live: LiveFile, size: number): boolean => {
	const {bavail, bsize} = fs.statfsSync(pathOfDescriptor(live.descriptor));
	return bavail * bsize > size + spareBytes;
};

const spareBytes = 1_048_576;
