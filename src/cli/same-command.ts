import {renderShellCommand} from '../platform/shell-word.js';
import type {System} from './system.js';

/**
 * The line that was typed, for another user to run, ready for a shell. Root, who becomes the user of the instance, has
 * `-u` for that.
 */
export const sameCommandAs = (
	user: string,
	{programName, argv, calledBy}: Pick<System, 'programName' | 'argv' | 'calledBy'>,
): string => {
	if (calledBy === 0) return renderShellCommand([programName, '-u', user, ...argv]);
	const become = user === 'root' ? [] : ['-u', /^\d+$/.test(user) ? `#${user}` : user];
	return renderShellCommand(['sudo', ...become, programName, ...argv]);
};
