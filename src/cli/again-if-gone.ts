import {isZeoctlError} from '../platform/errors.js';

/** Does it once more when the supervisor has left, or died, before it answered: then it meets what is there now. */
export const againIfGone = <Result>(work: () => Promise<Result>): Promise<Result> =>
	work().catch(error => {
		if (isZeoctlError(error) && error.code === 'NOT_RUNNING') return work();
		throw error;
	});
