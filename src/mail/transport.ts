import type {Composed} from './compose.js';

/** What became of a message that somebody took over. */
export type Delivered = {
	/** What the other side said, as it said it: foreign text. */
	readonly response: string;
	/** Recipients that it refused, while it took the message for others. */
	readonly refused: readonly string[];
};

/** Hands messages over. */
export type MailTransport = {
	/** Such as `mail.example.org:587`, for people. */
	readonly name: string;
	/** Throws a DeliveryError; ends early with one when the signal aborts. */
	deliver(message: Composed, signal: AbortSignal): Promise<Delivered>;
};

/** A message that nobody took, or of which that is not known. */
export class DeliveryError extends Error {
	/** Whether the same will be said to the next attempt, unless somebody changes something. */
	readonly isPermanent: boolean;
	readonly hint: string | undefined;

	constructor(
		message: string,
		options: {readonly isPermanent: boolean; readonly hint?: string; readonly cause?: unknown},
	) {
		super(message, {cause: options.cause});
		this.name = 'DeliveryError';
		this.isPermanent = options.isPermanent;
		this.hint = options.hint;
	}
}
