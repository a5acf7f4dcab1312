import type {TranscriptSettings} from '../settings/settings.js';
import {writesToFifo} from '../transcript/fifo.js';
import {openLastOutput} from '../transcript/last-output.js';
import {openDirectOutput} from './direct-output.js';
import type {Mode, Place} from './mode.js';
import {appendQuietly, type ProgramOutput} from './output-port.js';

type OutputOptions = {
	readonly place: Place;
	readonly mode: Mode;
	readonly runDirectory: string;
	readonly settings: TranscriptSettings;
	/** The program that an earlier supervisor has left. */
	readonly formerPid: number | undefined;
	/** Another supervisor still takes care of it: nothing is touched before it is watched. */
	readonly isSuccessor: boolean;
	readonly writeError: ProgramOutput['write'];
};

/**
 * The transcript where there is one, else a small capped file in the run state folder, so that a failed start can
 * always be explained; in the foreground without a transcript, the supervisor's own output.
 */
export const openProgramOutput = async (options: OutputOptions): Promise<ProgramOutput> => {
	const {place, mode, runDirectory, settings, formerPid, isSuccessor, writeError} = options;
	const {transcript: path, umask = 0o022} = place;
	const hasPlace = path !== undefined || mode === 'foreground';
	// A program that lives on writes where it has always written, whatever the conf says by now.
	const isPumped = formerPid !== undefined && writesToFifo(formerPid, runDirectory);
	if (isPumped || (hasPlace && settings.mode === 'pump')) {
		const {openPumpOutput} = await import('./pump-output.js');
		return openPumpOutput({path, umask, runDirectory, settings, formerPid, isSuccessor});
	}
	if (path !== undefined) {
		return openDirectOutput({path, umask, runDirectory, settings, formerPid});
	}
	return mode === 'detached' ? toLastOutput(runDirectory) : inherited(writeError);
};

const toLastOutput = (runDirectory: string): ProgramOutput => {
	const output = openLastOutput(runDirectory);
	let start = 0;
	let isClosed = false;
	return {
		descriptor: output.descriptor,
		write(text) {
			if (!isClosed) appendQuietly(output.descriptor, text);
		},
		prepare: () => undefined,
		markStart() {
			start = output.position();
		},
		lastLines: () => output.linesSince(start),
		reopen: async () => nothingToReopen,
		watch: async () => undefined,
		unwatch: () => undefined,
		rest: async () => undefined,
		async close() {
			isClosed = true;
			output.close();
		},
	};
};

const inherited = (write: ProgramOutput['write']): ProgramOutput => ({
	descriptor: 'inherit',
	write,
	prepare: () => undefined,
	markStart: () => undefined,
	lastLines: () => [],
	reopen: async () => nothingToReopen,
	watch: async () => undefined,
	unwatch: () => undefined,
	rest: async () => undefined,
	close: async () => undefined,
});

const nothingToReopen = {reply: 'reopened', confirmed: true} as const;
