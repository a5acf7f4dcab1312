import type {InstanceContext} from './command.js';

/**
 * What a command says whose wait Ctrl-C has ended: to scripts zdaemon's own words, which claim that it is done, to a
 * person the truth.
 */
export const interruptedLine = ({system, action}: InstanceContext, recorded: string): string =>
	system.stdout.isTerminal
		? `\nno longer waited for: the ${action.name} goes on, "status" tells how far it is\n`
		: recorded;
