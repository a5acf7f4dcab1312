import type {SettledContext} from './command.js';
import {isDenied, needsRights} from './unit-rights.js';

/**
 * Takes back what systemd is about to do: between the death of a supervisor and the start of the next one nobody
 * listens, and a stop would not last. What is left of the stop is that of any program.
 */
export const stopComingStart = async (
	{system}: SettledContext,
	unit: string,
): Promise<undefined> => {
	const shown = ['systemctl', 'show', '--property=SubState', '--value', unit];
	const {stdout} = await system.runTool(shown);
	if (stdout.trim() !== 'auto-restart') return;
	const ended = await system.runTool(['systemctl', '--no-ask-password', 'stop', unit]);
	if (isDenied(ended)) throw needsRights('stop', unit);
};
