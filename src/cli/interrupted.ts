import type {InstanceContext} from './command.js';
import {exitCode} from './exit-codes.js';
import {say} from './output.js';

/** The exit status of a command whose wait Ctrl-C has ended: to scripts zdaemon's. */
export const interruptedCode = ({system, json}: InstanceContext): number =>
	exitCode(system.stdout.isTerminal || json ? 'interrupted' : 'ok');

/**
 * Ends such a command: to scripts it says zdaemon's own words, which claim that it is done, to a person the truth.
 * Returns its exit status.
 */
export const endInterrupted = (context: InstanceContext, recorded: string): number => {
	const {system, action} = context;
	const truth = `\nno longer waited for: the ${action.name} goes on, "status" tells how far it is\n`;
	say(context, system.stdout.isTerminal ? truth : recorded);
	return interruptedCode(context);
};
