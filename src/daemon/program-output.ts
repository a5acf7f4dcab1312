import type {TranscriptSettings} from '../settings/settings.js';
import {openLastOutput} from '../transcript/last-output.js';
import {openDirectOutput} from './direct-output.js';
import type {Mode, Place} from './mode.js';
import {appendQuietly, type ProgramOutput} from './output-port.js';

type OutputOptions = {
	readonly place: Place;
	readonly mode: Mode;
	readonly runDirectory: string;
	readonly settings: TranscriptSettings;
	readonly writeError: (text: string) => void;
};

/**
 * The transcript where there is one, else a small capped file in the run state folder, so that a failed start can
 * always be explained; in the foreground without a transcript, the supervisor's own output.
 */
export const openProgramOutput = (options: OutputOptions): ProgramOutput => {
	const {place, mode, runDirectory, settings, writeError} = options;
	if (place.transcript !== undefined) {
		const {transcript: path, umask = 0o022} = place;
		return openDirectOutput({path, umask, runDirectory, settings});
	}
	return mode === 'detached' ? toLastOutput(runDirectory) : inherited(writeError);
};

const toLastOutput = (runDirectory: string): ProgramOutput => {
	const output = openLastOutput(runDirectory);
	let start = 0;
	return {
		descriptor: output.descriptor,
		write: text => appendQuietly(output.descriptor, text),
		markStart() {
			start = output.position();
		},
		lastLines: () => output.linesSince(start),
		reopen: async () => nothingToReopen,
		watch: async () => undefined,
		close: async () => output.close(),
	};
};

const inherited = (write: (text: string) => void): ProgramOutput => ({
	descriptor: 'inherit',
	write,
	markStart: () => undefined,
	lastLines: () => [],
	reopen: async () => nothingToReopen,
	watch: async () => undefined,
	close: async () => undefined,
});

const nothingToReopen = {reply: 'reopened', confirmed: true} as const;
