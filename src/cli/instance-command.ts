import type {Context} from './command.js';
import {flagsOf} from './launch-order.js';

/** The words of a command about the same instance as that of a command line, ready for an action. */
export const instanceCommand = ({
	system,
	commandLine,
}: Pick<Context, 'system' | 'commandLine'>): readonly string[] => [
	...system.ownName(),
	...flagsOf(commandLine),
];
