import type {Status} from '../control/messages.js';
import {notifyVariable} from '../program/environment.js';
import {type NotifyChannel, openNotifier} from '../systemd/notify.js';
import {readWatchdogUsec} from '../systemd/service-environment.js';
import {isReady, planNotice} from '../systemd/service-state.js';
import {startWatchdog} from '../systemd/watchdog.js';
import {createPatience} from './service-patience.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The supervisor as a service of systemd. */
export type Service = {
	/** The way to systemd; undefined where the supervisor is no service that notifies. */
	readonly channel: NotifyChannel | undefined;
	/** Tells every change from now on, and that the supervisor is well. */
	begin(options: {
		readonly watch: (listener: (status: Status) => void) => () => void;
		/** Whether the supervisor does its work; only asked when the loop turns. */
		readonly isWell: () => boolean;
	}): void;
	/** A successor is about to take over. */
	reloading(): void;
	/** It has not: all is as before. */
	kept(): void;
	/** It has: systemd shall listen to that process, and is not to hear of us again. */
	given(successor: number): void;
	/** The supervisor leaves, with this exit status. */
	leave(code: number): void;
};

/** The way to systemd, as the launcher of a service tells it. */
export const notifyChannelOf = (environment: Environment): NotifyChannel | undefined => {
	const text = environment[notifyVariable] ?? '';
	if (/^\d{1,6}$/.test(text)) return {by: 'socket', descriptor: Number(text)};
	const address = environment['NOTIFY_SOCKET'];
	return text.startsWith('/') && address ? {by: 'tool', tool: text, address} : undefined;
};

const nobody: Service = {
	channel: undefined,
	begin: () => undefined,
	reloading: () => undefined,
	kept: () => undefined,
	given: () => undefined,
	leave: () => undefined,
};

/** Connects the supervisor with systemd; does nothing where there is none. */
export const openService = (
	environment: Environment,
	after: (ms: number, callback: () => void) => () => void,
): Service => {
	const channel = notifyChannelOf(environment);
	const notify = openNotifier(channel);
	if (notify === undefined) return nobody;
	let end = (): void => undefined;
	let wasReady = false;
	return {
		channel,
		begin({watch, isWell}) {
			const intervalUsec = readWatchdogUsec(environment);
			const beat = (): void => notify({WATCHDOG: 1});
			const endWatchdog =
				intervalUsec === undefined
					? () => undefined
					: startWatchdog({intervalUsec, isWell, beat, after});
			const patience = createPatience(notify, after);
			let last = '';
			const unwatch = watch(status => {
				patience.follow(status);
				const notice = planNotice(status, wasReady);
				wasReady ||= isReady(status);
				const text = JSON.stringify(notice);
				if (text !== last) notify(notice);
				last = text;
			});
			end = () => {
				end = () => undefined;
				unwatch();
				patience.close();
				endWatchdog();
			};
		},
		// The clock of systemd, and of Node: CLOCK_MONOTONIC.
		reloading: () => notify({RELOADING: 1, MONOTONIC_USEC: monotonicUsec()}),
		kept: () => notify({READY: 1}),
		given(successor) {
			end();
			// One message: who is not the main process is not listened to.
			notify({MAINPID: successor, READY: 1, WATCHDOG: 1});
		},
		leave(code) {
			end();
			// For systemd a service that was stopped before it was ever up would have failed, and be started again. Of two
			// states in one message it heeds the last one only.
			if (code === 0 && !wasReady) notify({READY: 1});
			notify({STOPPING: 1});
		},
	};
};

const monotonicUsec = (): string => String(process.hrtime.bigint() / 1000n);
