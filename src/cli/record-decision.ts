import {mkdirSync} from 'node:fs';
import {runDirectoryOf} from '../control/snapshot.js';
import {appendHistory} from '../history/history.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import type {InstanceContext} from './command.js';

/** Where the history of an instance is. */
export const historyDirectory = ({system, settings, instance}: InstanceContext): string =>
	stateDirectoryOf(settings, {
		runDirectory: runDirectoryOf(instance.socketPath),
		cwd: system.cwd,
	});

/** Keeps in the history what a person has decided, and who they say they are. Never throws, as all of the history. */
export const recordDecision = (
	context: InstanceContext,
	decision: {readonly decision: string; readonly subject: string; readonly description: string},
): void => {
	const {environment, clock} = context.system;
	const directory = historyDirectory(context);
	try {
		mkdirSync(directory, {recursive: true, mode: 0o700});
	} catch {
		// Then nothing is kept.
	}
	const by = environment['LOGNAME'] ?? environment['USER'];
	appendHistory(directory, {
		at: clock.now() / 1000,
		event: 'decision',
		...decision,
		...(by !== undefined && {by}),
	});
};
