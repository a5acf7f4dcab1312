import {errorMessage} from '../platform/errors.js';

/**
 * Logs mistakes of our own (an exception or a rejection that nobody expected) and goes on, until the returned function
 * is called: such a mistake must neither stop the program nor leave it alone.
 */
export const surviveMistakes = (log: {critical(text: string): void}): (() => void) => {
	const note = (error: unknown): void =>
		log.critical(
			`runforever raised: ${error instanceof Error ? error.stack : errorMessage(error)}`,
		);
	// Rejections come here, too.
	process.on('uncaughtException', note);
	return () => process.off('uncaughtException', note);
};
