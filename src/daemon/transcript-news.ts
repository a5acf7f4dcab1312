import type {TranscriptState} from '../control/messages.js';
import {appendHistory} from '../history/history.js';
import {systemClock} from '../platform/clock.js';
import type {EventLog} from './event-log.js';

/** Where news of the transcript go: the status, and what a person should know also into history and event log. */
export type TranscriptNews = {
	/** Changes the state that a status shows. */
	change(part: Partial<TranscriptState>): void;
	/** Something that was lost or cannot be done; the same words not more than once an hour. */
	tell(text: string): void;
};

/** In seconds. */
const silence = 3600;

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
	const told = new Map<string, number>();
	publish(state);
	return {
		change(part) {
			state = {...state, ...part};
			publish(state);
		},
		tell(text) {
			const at = systemClock.unixSeconds();
			// Figures differ from time to time.
			const kind = text.replaceAll(/[\d.]+/g, '#');
			if (at - (told.get(kind) ?? 0) < silence) return;
			told.set(kind, at);
			appendHistory(stateDirectory, {at, event: 'transcript', text});
			log.warning(`transcript: ${text}`);
		},
	};
};
