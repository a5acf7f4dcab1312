import type {Asker, Reply, Request, Status} from './messages.js';

/** One connection to a supervisor (or an old manager), whichever protocol it speaks. */
export type Session = {
	readonly protocol: 'json' | 'text';
	status(): Promise<Status>;
	ask(request: Exclude<Request, {request: 'subscribe'}>): Promise<Reply>;
	/**
	 * The present status, then every later one: pushed over JSON, asked for every 100 ms of an old manager.
	 * Ends when the supervisor leaves or the session is closed.
	 */
	statuses(): AsyncIterable<Status>;
	close(): void;
};

/** What was found at a control socket. Nobody there is a value, not an error. */
export type Contact =
	| {readonly contact: 'session'; readonly session: Session}
	/** No file at the path. */
	| {readonly contact: 'absent'}
	/** A socket file without a listener. */
	| {readonly contact: 'stale'};

/** `socketPath` is absolute. Every single answer must arrive within `timeoutMs`. */
export type ConnectOptions = {
	readonly socketPath: string;
	readonly asker: Asker;
	readonly timeoutMs?: number;
	/** Whether who listens there is known to speak JSON: then nothing is asked first, and the first request takes one round trip less. */
	readonly speaksJson?: boolean;
};
