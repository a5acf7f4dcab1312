import {closeSync, fstatSync, writeSync} from 'node:fs';
import type {Reply} from '../control/messages.js';
import {openTranscript} from '../transcript/direct.js';
import {lastOutputOf, openLastOutput} from '../transcript/last-output.js';
import {reopenTranscript} from '../transcript/reopen.js';
import type {Mode, Place} from './mode.js';

/** Where the program's stdout and stderr go. */
export type ProgramOutput = {
	/** To be handed to the program. */
	readonly descriptor: number | 'inherit';
	/** Adds a line of the supervisor's own, where the event log is not configured; lost on a full disk. */
	write(text: string): void;
	/** Remembers where the output of the next life begins. */
	markStart(): void;
	/** The last lines since the mark; empty where the output is not ours to read. */
	lastLines(): readonly string[];
	/** After an outside rename: makes the configured path name the file that the program writes to. */
	reopen(programPid: number | null): Promise<Extract<Reply, {reply: 'reopened'}>>;
	close(): void;
};

type OutputOptions = {
	readonly place: Place;
	readonly mode: Mode;
	readonly runDirectory: string;
	readonly writeError: (text: string) => void;
};

/**
 * The transcript where there is one, else a small capped file in the run state folder, so that a failed start can
 * always be explained; in the foreground without a transcript, the supervisor's own output.
 */
export const openProgramOutput = (options: OutputOptions): ProgramOutput => {
	const {place, mode, runDirectory, writeError} = options;
	if (place.transcript !== undefined) {
		return toTranscript(place.transcript, place.umask ?? 0o022, runDirectory);
	}
	return mode === 'detached' ? toLastOutput(runDirectory) : inherited(writeError);
};

const toTranscript = (path: string, umask: number, runDirectory: string): ProgramOutput => {
	const descriptor = openTranscript({path, umask});
	let start = 0;
	return {
		descriptor,
		write: text => append(descriptor, text),
		markStart() {
			start = fstatSync(descriptor).size;
		},
		lastLines: () => lastOutputOf(descriptor, start),
		async reopen(programPid) {
			const {confirmed, reason, removed} = await reopenTranscript({
				path,
				descriptor,
				runDirectory,
				programPid: programPid ?? undefined,
			});
			start = Math.max(0, start - removed);
			return {reply: 'reopened', confirmed, ...(reason !== undefined && {reason})};
		},
		close: () => closeSync(descriptor),
	};
};

const toLastOutput = (runDirectory: string): ProgramOutput => {
	const output = openLastOutput(runDirectory);
	let start = 0;
	return {
		descriptor: output.descriptor,
		write: text => append(output.descriptor, text),
		markStart() {
			start = output.position();
		},
		lastLines: () => output.linesSince(start),
		reopen: async () => nothingToReopen,
		close: () => output.close(),
	};
};

const inherited = (write: (text: string) => void): ProgramOutput => ({
	descriptor: 'inherit',
	write,
	markStart: () => undefined,
	lastLines: () => [],
	reopen: async () => nothingToReopen,
	close: () => undefined,
});

const append = (descriptor: number, text: string): void => {
	try {
		writeSync(descriptor, text);
	} catch {
		// The supervisor goes on without its words.
	}
};

const nothingToReopen = {reply: 'reopened', confirmed: true} as const;
