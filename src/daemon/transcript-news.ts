import type {TranscriptState} from '../control/messages.js';
import {appendHistory, type HistoryRecord} from '../history/history.js';
import {systemClock} from '../platform/clock.js';
import type {EventLog} from './event-log.js';
import type {OnHeldDisk} from './held-disk.js';

/** Where news of the transcript go: the status, and what a person should know also into history and event log. */
export type TranscriptNews = {
	state(): TranscriptState;
	/** Changes the state that a status shows. */
	change(part: Partial<TranscriptState>): void;
	/** Something that was lost or cannot be done; the same words not more than once an hour. */
	tell(text: string): void;
	/**
	 * A disk hangs, or may, and the supervisor is not to wait for it: until the `release` nothing is written there. The event
	 * log, which may be anywhere, waits as well.
	 */
	hold(there?: OnHeldDisk): void;
	release(): void;
};

type TranscriptRecord = Extract<HistoryRecord, {event: 'transcript'}>;

/** In seconds. */
const silence = 3600;
/** Records that wait until the history can be written. */
const mostWaiting = 20;

/** News of one transcript. */
export const createNews = ({
	initial,
	publish,
	stateDirectory,
	log,
}: {
	readonly initial: TranscriptState;
	readonly publish: (state: TranscriptState) => void;
	readonly stateDirectory: string;
	readonly log: Pick<EventLog, 'warning'>;
}): TranscriptNews => {
	let state = initial;
	let held: OnHeldDisk | undefined;
	let isPublished = false;
	let unrecorded: readonly TranscriptRecord[] = [];
	let unlogged: readonly string[] = [];
	const told = new Map<string, number>();

	const spread = (): void => {
		if (!isPublished && held?.status !== true) {
			isPublished = true;
			publish(state);
		}
		// On a disk that is full, the history has no room either.
		if (held?.history !== true)
			unrecorded = unrecorded
				.filter(record => !appendHistory(stateDirectory, record))
				.slice(-mostWaiting);
		if (held !== undefined) return;
		for (const text of unlogged) log.warning(`transcript: ${text}`);
		unlogged = [];
	};

	spread();
	return {
		state: () => state,
		change(part) {
			state = {...state, ...part};
			isPublished = false;
			spread();
		},
		tell(text) {
			const at = systemClock.unixSeconds();
			// Figures differ from time to time.
			const kind = text.replaceAll(/[\d.]+/g, '#');
			if (at - (told.get(kind) ?? 0) < silence) return;
			told.set(kind, at);
			unrecorded = [...unrecorded, {at, event: 'transcript', text}];
			unlogged = [...unlogged, text];
			spread();
		},
		hold(there = {status: false, history: false}) {
			held = there;
		},
		release() {
			held = undefined;
			spread();
		},
	};
};
