import type {Status} from './messages.js';

/** Statuses as they come in, for any number of readers, each of whom sees the latest and all later ones. */
export type StatusFeed = {
	readonly isOver: boolean;
	publish(status: Status): void;
	/** Lets every reader finish with what it has not read yet. */
	end(): void;
	read(): AsyncIterable<Status>;
};

type Reader = {readonly unread: Status[]; wake(): void};

// A reader that falls this far behind misses the oldest statuses.
const mostUnread = 1000;

export const createStatusFeed = (): StatusFeed => {
	const readers = new Set<Reader>();
	let latest: Status | undefined;
	let isOver = false;
	const drain = async function* (reader: Reader): AsyncIterable<Status> {
		try {
			for (;;) {
				for (let next = reader.unread.shift(); next; next = reader.unread.shift()) yield next;
				if (isOver) return;
				await new Promise<void>(resolve => {
					reader.wake = resolve;
				});
			}
		} finally {
			readers.delete(reader);
		}
	};
	return {
		get isOver() {
			return isOver;
		},
		publish(status) {
			latest = status;
			for (const reader of readers) {
				if (reader.unread.push(status) > mostUnread) reader.unread.shift();
				reader.wake();
			}
		},
		end() {
			isOver = true;
			for (const reader of readers) reader.wake();
		},
		read() {
			const reader: Reader = {unread: latest === undefined ? [] : [latest], wake() {}};
			readers.add(reader);
			return drain(reader);
		},
	};
};
