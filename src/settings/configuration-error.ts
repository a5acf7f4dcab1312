import {isZeoctlError, ZeoctlError} from '../platform/errors.js';
import {type Problem, renderProblem} from '../zconfig/errors.js';

/** A configuration that cannot be used. `message` is the text that ZConfig prints for the first problem. */
export class ConfigurationError extends ZeoctlError {
	/** All problems of the file, in the order in which ZConfig would meet them. Never empty. */
	readonly problems: readonly Problem[];

	constructor(problems: readonly Problem[], hint?: string) {
		const [first] = problems;
		super('CONFIGURATION', first ? renderProblem(first) : '', hint === undefined ? {} : {hint});
		this.name = 'ConfigurationError';
		this.problems = problems;
	}
}

/** Whether a thrown value is a ConfigurationError, whichever bundle its class came from. */
export const isConfigurationError = (error: unknown): error is ConfigurationError =>
	isZeoctlError(error) && error.code === 'CONFIGURATION' && 'problems' in error;
