import {closeSync, writeSync} from 'node:fs';
import type {Status} from '../control/messages.js';
import {errorMessage, isZeoctlError} from '../platform/errors.js';
import type {LaunchReport} from '../supervisor/report.js';

/** Where a supervisor tells how its start goes. */
export type Reporter = {
	note(text: string): void;
	status(status: Status): void;
	/** How a successor comes. */
	succession(report: 'standing-by' | 'in-place'): void;
	/** The supervisor will not start. */
	refused(error: unknown): void;
	close(): void;
};

/** Reports to the launcher as JSON lines on an inherited descriptor, until the program has started. */
export const reportTo = (descriptor: number): Reporter => {
	let isOpen = true;
	const close = (): void => {
		if (isOpen) closeSync(descriptor);
		isOpen = false;
	};
	const write = (report: LaunchReport): void => {
		if (!isOpen) return;
		try {
			writeSync(descriptor, `${JSON.stringify(report)}\n`);
		} catch {
			// The launcher has gone (Ctrl-C); the start goes on without it.
			close();
		}
	};
	return {
		note: text => write({report: 'note', text}),
		status(status) {
			write({report: 'status', status});
			if (status.state === 'running') close();
		},
		succession: report => write({report}),
		refused(error) {
			const known = isZeoctlError(error) ? error : undefined;
			write({
				report: 'refused',
				code: known?.code ?? 'INTERNAL',
				message: errorMessage(error),
				...(known?.hint !== undefined && {hint: known.hint}),
			});
			close();
		},
		close,
	};
};

/** A supervisor in the foreground has no launcher: notes go to its standard error, refusals are thrown on. */
export const reportToNobody = (writeError: (text: string) => void): Reporter => ({
	note: text => writeError(`${text}\n`),
	status: () => undefined,
	succession: () => undefined,
	refused: () => undefined,
	close: () => undefined,
});
