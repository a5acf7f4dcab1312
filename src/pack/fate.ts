import type {PackGlance} from '../storage/kind.js';
import type {LoggedPack} from './server-log.js';

/** What is to be seen of a pack whose end nobody was told. */
export type PackEvidence = {
	/** Of the data file before; undefined where it cannot be seen. */
	readonly inodeBefore: string | undefined;
	/** As the server wrote it then; null: not known. */
	readonly serverStartBefore: string | null;
	/** Undefined: on another machine. */
	readonly files: PackGlance | undefined;
	/** Whether a process has the data file or the copy open for writing; undefined where that cannot be seen. */
	readonly isHeld: boolean | undefined;
	readonly log: LoggedPack;
	/** Whether the server answers, and since when it runs, as it writes that. */
	readonly server:
		| {readonly answers: true; readonly start: string | null}
		| {readonly answers: false};
	/** What the server tells, on another machine: whether the storage has lost bytes or objects. */
	readonly isSmaller: boolean | undefined;
	/** How to bring back what a broken replacement has taken away, as a command. */
	readonly repair: string | null;
};

/** What has become of such a pack. `going-on` may be asked again. */
export type PackFate =
	| {readonly fate: 'packed' | 'nothing-to-drop'; readonly how: string}
	| {readonly fate: 'failed'; readonly why: string; readonly advice: string | null}
	| {readonly fate: 'going-on' | 'unclear'; readonly why: string};

/** Finds out what became of a pack: by its files, then by the server's log, then by the server itself. */
export const judgeFate = (evidence: PackEvidence): PackFate =>
	byFiles(evidence) ?? byLog(evidence) ?? byServer(evidence);

const byFiles = ({files, inodeBefore, repair}: PackEvidence): PackFate | undefined => {
	if (files === undefined) return undefined;
	if (files.data === undefined)
		return files.old === undefined && files.pack === undefined
			? {fate: 'unclear', why: 'the data file is not to be seen'}
			: {
					fate: 'failed',
					why: 'it was broken off while the data file was being replaced: there is none now',
					advice: repair,
				};
	return inodeBefore === undefined || files.data.inode === inodeBefore
		? undefined
		: {fate: 'packed', how: 'the data file was replaced'};
};

const byLog = ({log, files}: PackEvidence): PackFate | undefined => {
	switch (log.end) {
		case 'complete':
			return {
				fate: files === undefined ? 'packed' : 'nothing-to-drop',
				how: "the server's log says that it is complete",
			};
		case 'raised':
			return {fate: 'failed', why: `the server's log says: ${log.reason}`, advice: null};
		case 'stopped':
			return {
				fate: 'failed',
				why: `the server was stopped while it packed (${log.reason}); the data file is as before`,
				advice: null,
			};
		case 'none':
			return undefined;
	}
};

const byServer = ({
	server,
	serverStartBefore,
	isHeld,
	isSmaller,
	files,
}: PackEvidence): PackFate => {
	const intact = files === undefined ? '' : '; the data file is as before';
	if (isSmaller) return {fate: 'packed', how: 'the storage has become smaller'};
	if (server.answers) {
		if (serverStartBefore === null)
			return {fate: 'unclear', why: 'the server answers, but whether it packed is not to be seen'};
		if (server.start === serverStartBefore)
			return {fate: 'going-on', why: 'the server answers, and may still be packing'};
		return {
			fate: 'failed',
			why: `the server ended while it packed, and was started again${intact}`,
			advice: null,
		};
	}
	if (isHeld)
		return {fate: 'going-on', why: 'the server does not answer, but still has its files open'};
	return isHeld === false && files !== undefined
		? {fate: 'failed', why: `the server went away while it packed${intact}`, advice: null}
		: {fate: 'unclear', why: 'the server does not answer'};
};
