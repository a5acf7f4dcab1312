import type {Status} from '../control/messages.js';
import {readEffort} from '../health/process-evidence.js';
import {notifyVariable} from '../program/environment.js';
import {type Notifier, openNotifier} from '../systemd/notify.js';
import {readWatchdogUsec} from '../systemd/service-environment.js';
import {extensionUsec, isEnding, isReady, planNotice} from '../systemd/service-state.js';
import {startWatchdog} from '../systemd/watchdog.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The supervisor as a service of systemd. */
export type Service = {
	/** The supervisor leaves; nothing is told afterwards. */
	leave(): void;
};

/** The descriptor on which systemd listens, where the supervisor was started as a service that notifies. */
export const notifyDescriptorOf = (environment: Environment): number | undefined => {
	const text = environment[notifyVariable];
	return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
};

/** Tells systemd of every change, and that the supervisor is well; does nothing where there is no systemd. */
export const serveSystemd = (options: {
	readonly environment: Environment;
	readonly watch: (listener: (status: Status) => void) => () => void;
	/** Whether the supervisor does its work; only asked when the loop turns. */
	readonly isWell: () => boolean;
	readonly after: (ms: number, callback: () => void) => () => void;
}): Service => {
	const {environment, watch, isWell, after} = options;
	const notify = openNotifier(notifyDescriptorOf(environment));
	if (notify === undefined) return {leave: () => undefined};
	const intervalUsec = readWatchdogUsec(environment);
	const endWatchdog =
		intervalUsec === undefined
			? () => undefined
			: startWatchdog({intervalUsec, isWell, beat: () => notify({WATCHDOG: 1}), after});
	const patience = createPatience(notify, after);
	let wasReady = false;
	let last = '';
	const unwatch = watch(status => {
		patience.follow(status);
		const notice = planNotice(status, wasReady);
		wasReady ||= isReady(status);
		const text = JSON.stringify(notice);
		if (text !== last) notify(notice);
		last = text;
	});
	return {
		leave() {
			unwatch();
			patience.close();
			endWatchdog();
			notify({STOPPING: 1});
		},
	};
};

/** Milliseconds between two looks at a start or a stop. */
const lookMs = 10_000;

/**
 * Has systemd wait while a stop is under way, which ends by itself, and while a starting program reads or writes, as
 * a server does that builds its index anew. One that does nothing is left to the limit of the unit.
 */
const createPatience = (
	notify: Notifier,
	after: (ms: number, callback: () => void) => () => void,
): {follow(status: Status): void; close(): void} => {
	let status: Status | undefined;
	let bytes = 0;
	let cancel: (() => void) | undefined;
	const look = (): void => {
		cancel = undefined;
		if (status === undefined) return;
		if (isEnding(status) || isProgressing(status.pid)) {
			notify({EXTEND_TIMEOUT_USEC: extensionUsec});
		}
		wait();
	};
	const isProgressing = (pid: number | null): boolean => {
		const {ioBytes} = pid === null ? {ioBytes: 0} : readEffort(pid);
		const before = bytes;
		bytes = ioBytes ?? 0;
		return bytes > before;
	};
	const wait = (): void => {
		cancel ??= after(lookMs, look);
	};
	const close = (): void => {
		cancel?.();
		cancel = undefined;
	};
	return {
		follow(next) {
			status = next;
			if (next.state === 'starting' || isEnding(next)) wait();
			else close();
		},
		close,
	};
};
