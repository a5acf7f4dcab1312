import {fstatSync, writeSync} from 'node:fs';

/** Assignments of sd_notify(3), such as `READY: 1`. */
export type Notice = Readonly<Record<string, string | number>>;

/** Tells systemd something; never waits and never fails, because nothing can be done about it. */
export type Notifier = (notice: Notice) => void;

/**
 * Writes to the datagram socket that `units/notify-launcher` has connected to `NOTIFY_SOCKET`; each write is one
 * message. Undefined where the descriptor is none.
 */
export const openNotifier = (descriptor: number | undefined): Notifier | undefined => {
	if (descriptor === undefined || !isSocket(descriptor)) return undefined;
	return notice => {
		try {
			writeSync(descriptor, renderNotice(notice));
		} catch {
			// It is full (EAGAIN), or systemd has gone: the next message says what matters then.
		}
	};
};

/** A line break would end the assignment and begin another one. */
export const renderNotice = (notice: Notice): string =>
	Object.entries(notice)
		.map(([name, value]) => `${name}=${String(value).replaceAll(/[\r\n\0]+/g, ' ')}\n`)
		.join('');

const isSocket = (descriptor: number): boolean => {
	try {
		return fstatSync(descriptor).isSocket();
	} catch {
		return false;
	}
};
