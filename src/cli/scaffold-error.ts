import {errorMessage, isZeoctlError, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';

/** Why there is no instance. */
export const cannotMake = (folder: string, why: string, cause?: unknown): ZeoctlError =>
	new ZeoctlError('SCAFFOLD', `cannot make an instance in ${quote(folder)}: ${why}`, {cause});

/** Does something for an instance; what goes wrong becomes the reason why there is none. */
export const orCannotMake = async <Value>(
	folder: string,
	work: () => Value | Promise<Value>,
): Promise<Value> => {
	try {
		return await work();
	} catch (error) {
		throw isZeoctlError(error) ? error : cannotMake(folder, errorMessage(error), error);
	}
};
