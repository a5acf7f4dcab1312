/** A value or section that its datatype refuses; Python's ValueError. The matcher adds the position. */
export class ConversionError extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'ConversionError';
	}
}
