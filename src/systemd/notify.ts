import {spawnSync} from 'node:child_process';
import {fstatSync, writeSync} from 'node:fs';

/** Assignments of sd_notify(3), such as `READY: 1`. */
export type Notice = Readonly<Record<string, string | number>>;

/** Tells systemd something; never fails, because nothing can be done about it. */
export type Notifier = (notice: Notice) => void;

/** The way to systemd that `units/notify-launcher` has found. */
export type NotifyChannel =
	/** A datagram socket, connected to `NOTIFY_SOCKET`. */
	| {readonly by: 'socket'; readonly descriptor: number}
	/** The path of `systemd-notify`, and `NOTIFY_SOCKET` itself. */
	| {readonly by: 'tool'; readonly tool: string; readonly address: string};

/** Undefined where the channel is none. */
export const openNotifier = (channel: NotifyChannel | undefined): Notifier | undefined => {
	if (channel?.by === 'tool') return notice => callTool(channel, notice);
	return channel === undefined || !isSocket(channel.descriptor)
		? undefined
		: notice => send(channel.descriptor, notice);
};

/** Each write is one message, and never waits. */
const send = (descriptor: number, notice: Notice): void => {
	try {
		writeSync(descriptor, renderNotice(notice));
	} catch {
		// It is full (EAGAIN), or systemd has gone: the next message says what matters then.
	}
};

/**
 * Each call is one message. It is waited for, which takes milliseconds: systemd knows the sender only as long as that
 * is there, and some messages, such as `MAINPID`, must have been heard before the supervisor leaves.
 */
const callTool = ({tool, address}: Extract<NotifyChannel, {by: 'tool'}>, notice: Notice): void => {
	const env = {NOTIFY_SOCKET: address};
	spawnSync(tool, renderNotice(notice).trimEnd().split('\n'), {
		env,
		stdio: 'ignore',
		timeout: 5000,
	});
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
