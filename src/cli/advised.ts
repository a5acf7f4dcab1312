import {isZeoctlError, type ZeoctlError} from '../platform/errors.js';
import type {SettledContext} from './command.js';

/** An error of a command about an instance, with what its user needs where a file or folder is in the way. */
export const advised = async <Thrown>(
	context: Pick<SettledContext, 'system' | 'commandLine' | 'settings'>,
	error: Thrown,
): Promise<Thrown | ZeoctlError> => {
	if (!isZeoctlError(error) || error.place === undefined) return error;
	const {adviseOnPlace} = await import('./place-advice.js');
	return adviseOnPlace(context, error, error.place);
};
