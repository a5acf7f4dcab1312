import type {Status} from '../control/messages.js';
import {readEffort} from '../health/process-evidence.js';
import type {Notifier} from '../systemd/notify.js';
import {extensionUsec, isEnding} from '../systemd/service-state.js';

/** Milliseconds between two looks at a start or a stop. */
const lookMs = 10_000;

/**
 * Has systemd wait while a stop is under way, which ends by itself, and while a starting program reads or writes, as
 * a server does that builds its index anew. One that does nothing is left to the limit of the unit.
 */
export const createPatience = (
	notify: Notifier,
	after: (ms: number, callback: () => void) => () => void,
): {follow(status: Status): void; close(): void} => {
	let status: Status | undefined;
	let bytes = 0;
	let cancel: (() => void) | undefined;
	const look = (): void => {
		cancel = undefined;
		if (status === undefined) return;
		if (isEnding(status) || isProgressing(status.pid)) notify({EXTEND_TIMEOUT_USEC: extensionUsec});
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
