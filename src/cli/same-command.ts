import {renderShellCommand} from '../platform/shell-word.js';
import type {System} from './system.js';

/** The line that was typed, for another user to run, ready for a shell. */
export const sameCommandAs = (
	user: string,
	{programName, argv}: Pick<System, 'programName' | 'argv'>,
): string => {
	const become = user === 'root' ? [] : ['-u', /^\d+$/.test(user) ? `#${user}` : user];
	return renderShellCommand(['sudo', ...become, programName, ...argv]);
};
