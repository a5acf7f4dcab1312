import type {Reply} from '../control/messages.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import {recoverCut} from '../transcript/cut.js';
import type {Assignment} from './assignment.js';
import type {ProgramOutput} from './output-port.js';
import type {Speech} from './speech.js';
import {watchWhileNeeded} from './while-needed.js';

/** What is done to the output of a program while that is in the care of a supervisor. */
export type OutputCare = {
	/** Keeps it short from now on; after a rest, goes on. */
	watch(): void;
	/** Opens the event log and the transcript again by their names. */
	reopen(): Promise<Extract<Reply, {reply: 'reopened'}>>;
	/** Completes what a predecessor has left in the middle. */
	recover(): void;
	/** Resolves when nothing is done to it any more, and all is written. */
	rest(): Promise<void>;
};

/** Watches nothing yet. */
export const careForOutput = ({
	assignment: {settings, runDirectory, stateDirectory},
	output,
	speech: {log, isJournal},
	supervisor,
}: {
	readonly assignment: Assignment;
	readonly output: ProgramOutput;
	readonly speech: Speech;
	readonly supervisor: Supervisor;
}): OutputCare => {
	let underWay: Promise<unknown> = Promise.resolve();
	const watch = (): void =>
		void output.watch({
			stateDirectory,
			// Without an event log its warnings would go into the very transcript.
			log: settings.eventLog === undefined && !isJournal ? {warning: () => undefined} : log,
			programPid: () => supervisor.status().pid,
			publish: transcript => supervisor.note({transcript}),
		});
	supervisor.watch(watchWhileNeeded({begin: watch, end: output.unwatch}));
	return {
		watch,
		async reopen() {
			log.reopen();
			const reopened = output.reopen(supervisor.status().pid);
			underWay = reopened.catch(() => undefined);
			return reopened;
		},
		recover() {
			underWay = recoverCut({runDirectory}).catch(() => undefined);
		},
		async rest() {
			await underWay;
			await output.rest();
		},
	};
};
