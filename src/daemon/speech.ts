import type {Settings} from '../settings/settings.js';
import {type EventLog, loadEventLog} from './event-log.js';
import type {Mode} from './mode.js';
import type {ProgramOutput} from './output-port.js';
import type {Voice} from './voice.js';

/** All ways in which a supervisor says something. */
export type Speech = Voice & {
	readonly log: EventLog;
	/** From now on what the log says to standard error, and in the background to standard output, goes there. */
	followOutput(output: Pick<ProgramOutput, 'write'>): void;
};

/** Opens the event log; rejects where it cannot be had. */
export const openSpeech = async ({
	settings,
	mode,
	environment,
	voice,
}: {
	readonly settings: Pick<Settings, 'eventLog'>;
	readonly mode: Mode;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly voice: Voice;
}): Promise<Speech> => {
	let output: Pick<ProgramOutput, 'write'> | undefined;
	const log = await loadEventLog({
		settings: settings.eventLog,
		stdout: {
			// In the background, standard output is what the program writes to, as with the original.
			write: (text, level) =>
				output === undefined || mode !== 'detached'
					? voice.writeOutput(text, level)
					: output.write(text, level),
		},
		stderr: {
			write: (text, level) =>
				output === undefined ? voice.writeError(text, level) : output.write(text, level),
		},
		isJournal: voice.isJournal,
		now: Date.now,
		pid: process.pid,
		timeZone: environment['TZ'],
	});
	return {
		...voice,
		log,
		followOutput(next) {
			output = next;
		},
	};
};
