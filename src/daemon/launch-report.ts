import {closeSync, writeSync} from 'node:fs';
import {Socket} from 'node:net';
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
	/** Resolves when all has been told, or nobody takes it in. */
	close(): Promise<void>;
};

/** Reports as JSON lines on an inherited pipe, until the program has started. */
const reportBy = ({write, close}: Line): Reporter => ({
	note: text => write({report: 'note', text}),
	status(status) {
		write({report: 'status', status});
		if (status.state === 'running') void close();
	},
	succession: report => write({report}),
	refused(error) {
		const known = isZeoctlError(error) ? error : undefined;
		write({
			report: 'refused',
			code: known?.code ?? 'INTERNAL',
			message: errorMessage(error),
			...(known?.hint !== undefined && {hint: known.hint}),
			...(known?.asUser !== undefined && {asUser: known.asUser}),
			...(known?.place !== undefined && {place: known.place}),
		});
		void close();
	},
	close,
});

/** Who has gone (Ctrl-C) is told nothing more: the start goes on without it. */
type Line = {write(report: LaunchReport): void; close(): Promise<void>};

/** Tells a predecessor on the descriptor that its word is read from, which must block for that. */
export const reportToPredecessor = (descriptor: number): Reporter => {
	let isOpen = true;
	const close = async (): Promise<void> => {
		if (isOpen) closeSync(descriptor);
		isOpen = false;
	};
	return reportBy({
		write(report) {
			if (!isOpen) return;
			try {
				writeSync(descriptor, render(report));
			} catch {
				void close();
			}
		},
		close,
	});
};

/** Never waits for a launcher that does not read (Ctrl-Z, Ctrl-S): of the statuses it then gets the latest only. */
export const reportToLauncher = (descriptor: number): Reporter => {
	const socket = new Socket({fd: descriptor, readable: false}).unref();
	let latest: LaunchReport | undefined;
	const send = (report: LaunchReport): void => {
		if (socket.writable) socket.write(render(report));
	};
	const catchUp = (): void => {
		const report = latest;
		latest = undefined;
		if (report !== undefined) send(report);
	};
	socket.on('error', () => socket.destroy());
	socket.on('drain', catchUp);
	return reportBy({
		write(report) {
			if (report.report === 'status' && socket.writableNeedDrain) {
				latest = report;
				return;
			}
			catchUp();
			send(report);
		},
		close() {
			catchUp();
			socket.ref().end();
			return untilClosed(socket);
		},
	});
};

/** Milliseconds that a supervisor which has nothing left to do waits for a launcher to read why. */
const patienceMs = 5000;

const untilClosed = (socket: Socket): Promise<void> =>
	new Promise(resolve => {
		if (socket.closed) return resolve();
		const timer = setTimeout(resolve, patienceMs);
		socket.once('close', () => {
			clearTimeout(timer);
			resolve();
		});
	});

const render = (report: LaunchReport): string => `${JSON.stringify(report)}\n`;

/** A supervisor in the foreground has no launcher: notes go to its standard error, refusals are thrown on. */
export const reportToNobody = (writeError: (text: string) => void): Reporter => ({
	note: text => writeError(`${text}\n`),
	status: () => undefined,
	succession: () => undefined,
	refused: () => undefined,
	close: async () => undefined,
});
