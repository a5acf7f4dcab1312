/**
 * A value or section that its datatype refuses; Python's ValueError. The matcher adds the position. Recognised by name,
 * not by class, because some datatypes are bundled apart from the matcher.
 */
export class ConversionError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'ConversionError';
	}
}

/** Whether a thrown value is a ConversionError, whichever bundle its class came from. */
export const isConversionError = (error: unknown): error is ConversionError =>
	error instanceof Error && error.name === 'ConversionError';
