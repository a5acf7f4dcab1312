/** What one client may cost the supervisor. */
export type Limits = {
	/** Bytes of a text request without its newline. */
	readonly maxTextBytes: number;
	/** Bytes of one JSON line without its newline. */
	readonly maxJsonBytes: number;
	readonly maxConnections: number;
	/** Requests of one connection that wait for their reply. */
	readonly maxWaiting: number;
	/** From the first contact to a whole text request, or to the first byte of any. */
	readonly firstRequestMs: number;
	/** Between two requests of a JSON connection that subscribed to nothing. */
	readonly idleMs: number;
	/** From a request to its reply. */
	readonly replyMs: number;
	/** The same for reopening a transcript: all that was written since the last time may have to be copied. */
	readonly reopenMs: number;
	/** For what is still unwritten when the supervisor leaves. */
	readonly closeMs: number;
};

/** The limits of a real supervisor; tests shrink them. */
export const defaultLimits: Limits = {
	maxTextBytes: 10_000,
	maxJsonBytes: 64 * 1024,
	maxConnections: 1024,
	maxWaiting: 64,
	firstRequestMs: 10_000,
	idleMs: 60_000,
	replyMs: 30_000,
	reopenMs: 3_600_000,
	closeMs: 500,
};
