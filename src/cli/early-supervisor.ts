import {
	type SupervisorCommand,
	type SupervisorProcess,
	spawnSupervisor,
} from './spawn-supervisor.js';

/** A supervisor that was started before anybody knew whether one is needed, and which. */
export type EarlySupervisor = {
	/** It, if it is the one that is needed; for one taker only. */
	take(wanted: SupervisorCommand): SupervisorProcess | undefined;
	/** Ends it, unless it was taken; it has not touched anything. Resolves when it is gone. */
	dismiss(): Promise<void>;
};

/**
 * Node takes as long to come up as all the rest of a start: the supervisor of a plain `start` does so while the
 * client reads the conf. Undefined for every other command line.
 */
export const startEarly = (argv: readonly string[]): EarlySupervisor | undefined => {
	const [, script = '', ...words] = argv;
	if (words.at(-1) !== 'start') return undefined;
	const environment = {...process.env};
	const command = {script, words: [...words.slice(0, -1), 'supervise'], environment};
	const known = JSON.stringify(command);
	const {child, pipe} = spawnSupervisor(command);
	child.on('error', () => undefined);
	if (child.pid === undefined) return undefined;
	const gone = new Promise(resolve => child.once('exit', resolve));
	let isOpen = true;
	return {
		take(wanted) {
			if (!isOpen || JSON.stringify(wanted) !== known) return undefined;
			isOpen = false;
			return {child, pipe};
		},
		async dismiss() {
			if (!isOpen) return;
			isOpen = false;
			child.ref();
			pipe.destroy();
			child.kill('SIGKILL');
			await gone;
		},
	};
};
