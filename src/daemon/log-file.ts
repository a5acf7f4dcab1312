import fs from 'node:fs';
import path from 'node:path';
import {systemReason} from '../platform/errors.js';
import {findEncoder} from '../platform/text-encoding.js';
import {useForEventLog} from '../settings/event-log-failure.js';
import type {LogHandler} from '../settings/settings.js';
import {type AppendFile, createAppendFile} from './append-file.js';
import type {TextTarget} from './log-targets.js';
import {rotateDated, rotateNumbered} from './rotate-log.js';
import {planTimedRotation} from './rotation-time.js';

type LogFileHandler = Extract<LogHandler, {type: 'logfile'}>;

/** A `<logfile>` with a path: opened at once unless `delay` is on, rotated as the handler says. */
export const openLogFile = (handler: LogFileHandler, now: () => number): TextTarget => {
	const file = path.resolve(handler.path);
	const encode = useForEventLog(handler, 'encoding', () => findEncoder(handler.encoding));
	const appendFile = createAppendFile(file, encode);
	const {write, reopen} = chooseTarget({handler, file, appendFile, now});
	if (!handler.delay) useForEventLog(handler, 'path', () => appendFile.reopen());
	return {
		write,
		reopen: () => {
			try {
				reopen();
			} catch (error) {
				throw new Error(`cannot reopen the event log '${handler.path}': ${systemReason(error)}`, {
					cause: error,
				});
			}
		},
		close: () => appendFile.release(),
	};
};

type Parts = {
	readonly handler: LogFileHandler;
	readonly file: string;
	readonly appendFile: AppendFile;
	readonly now: () => number;
};

/** Both may throw what the operating system says. */
type FileTarget = {write(text: string): void; reopen(): void};

const chooseTarget = (parts: Parts): FileTarget => {
	const {handler, appendFile} = parts;
	if (handler.when !== '') return timedTarget(parts);
	if (handler.maxSize > 0) return sizedTarget(parts);
	return {
		write: text => appendFile.write(`${text}\n`),
		reopen: () => renew(parts),
	};
};

const sizedTarget = (parts: Parts): FileTarget => {
	const {handler, file, appendFile} = parts;
	let limit = handler.maxSize;
	const rotate = (): void => {
		rotateNumbered(file, handler.oldFiles);
		renew(parts);
		limit = handler.maxSize;
	};
	return {
		write: text => {
			const line = `${text}\n`;
			const size = appendFile.size();
			// Python counts the characters of the record here, not its bytes.
			if (size !== undefined && size > 0 && size + [...line].length >= limit) {
				try {
					rotate();
				} catch {
					// The record matters more than the size; the next try comes after as much text again.
					limit = size + handler.maxSize;
				}
			}
			appendFile.write(line);
		},
		reopen: rotate,
	};
};

const timedTarget = (parts: Parts): FileTarget => {
	const {handler, file, appendFile, now} = parts;
	const plan = useForEventLog(handler, 'when', () =>
		planTimedRotation(handler.when, handler.interval),
	);
	const seconds = (): number => Math.floor(now() / 1000);
	const modified = useForEventLog(handler, 'path', () => modifiedAt(file));
	let due = plan.next(modified ?? seconds());
	const rotate = (): void => {
		const instant = seconds();
		rotateDated(file, {
			suffix: plan.suffix(due, instant),
			isSuffix: plan.isSuffix,
			oldFiles: handler.oldFiles,
		});
		renew(parts);
		due = plan.next(instant);
	};
	return {
		write: text => {
			if (seconds() >= due) {
				try {
					if (isRotatable(file)) rotate();
					else due = plan.next(seconds());
				} catch {
					// The record matters more than the date; the next try comes with the next rotation.
					due = plan.next(seconds());
				}
			}
			appendFile.write(`${text}\n`);
		},
		reopen: rotate,
	};
};

/** After a rename: the file of the old name, now or at the next record. */
const renew = ({handler, appendFile}: Parts): void =>
	handler.delay ? appendFile.release() : appendFile.reopen();

/** A pipe or a device cannot be rotated; a file that is not there yet can. */
const isRotatable = (file: string): boolean =>
	fs.statSync(file, {throwIfNoEntry: false})?.isFile() ?? true;

const modifiedAt = (file: string): number | undefined => {
	const stat = fs.statSync(file, {throwIfNoEntry: false});
	return stat === undefined ? undefined : Math.floor(stat.mtimeMs / 1000);
};
