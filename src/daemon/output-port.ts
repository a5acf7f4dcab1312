import {writeSync} from 'node:fs';
import type {Reply, TranscriptState} from '../control/messages.js';
import type {EventLog} from './event-log.js';

/** Where the program's stdout and stderr go. */
export type ProgramOutput = {
	/** To be handed to the program that starts now. */
	readonly descriptor: number | 'inherit';
	/** Adds a line of the supervisor's own, where the event log is not configured; lost on a full disk. */
	write(text: string, level?: number): void;
	/** To be called before a program starts: what the last one wrote to may have been renamed or deleted. */
	prepare(): void;
	/** To be called when a program runs that was given it: notes what it was, for who adopts the program. */
	readonly note?: () => void;
	/** Remembers where the output of the next life begins. */
	markStart(): void;
	/** The last lines since the mark; empty where the output is not ours to read. */
	lastLines(): readonly string[];
	/** Where it passes through our hands: a client of the supervisor has come, who is not to wait for a flood. */
	readonly giveWay?: () => void;
	/** After an outside rename: makes the configured path name the file that the program writes to. */
	reopen(programPid: number | null): Promise<Extract<Reply, {reply: 'reopened'}>>;
	/** Keeps the output short from now on, and tells how that goes; after a rest, goes on. */
	watch(context: OutputWatch): Promise<void>;
	/** How its writing goes, tried now where the program writes it itself; undefined while nothing is watched. */
	readonly presentState?: () => Promise<TranscriptState | undefined>;
	/** The same: a periodic look whether the program may have written in vain. */
	readonly glance?: () => void;
	/** The program is about to end for good: nothing is watched any more that delays our own end. A `watch` goes on. */
	unwatch(): void;
	/** Leaves the output alone until it is watched again: a successor may have it. Resolves when all is written. */
	rest(): Promise<void>;
	/** Resolves when all that was taken in is written. Nothing is written or reopened from then on. */
	close(): Promise<void>;
};

/** What an output that is kept short needs to know of its surroundings. */
export type OutputWatch = {
	readonly stateDirectory: string;
	readonly programPid: () => number | null;
	readonly publish: (state: TranscriptState) => void;
	readonly log: Pick<EventLog, 'warning'>;
};

/** How long an end waits for a rotation: more than a second is a disk in trouble. Clients wait 5 s for an answer. */
export const endPatienceMs = 4000;

/** A line of the supervisor's own. */
export const appendQuietly = (descriptor: number, text: string): void => {
	try {
		writeSync(descriptor, text);
	} catch {
		// The supervisor goes on without its words.
	}
};
