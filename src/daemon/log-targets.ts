import {createZoneAbbreviation} from '../platform/time-zone.js';
import {compileLogFormat} from '../schema/log-format.js';
import {type LogRecord, levelName} from '../schema/log-record.js';
import type {LogHandler} from '../settings/settings.js';
import {createAsctime} from './asctime.js';
import {countLosses} from './count-losses.js';
import type {EventLogOptions, TextSink} from './event-log.js';
import {openLogFile} from './log-file.js';

/** The open end of one handler. */
export type LogTarget = {
	readonly level: number;
	/** Never throws; records that cannot be written are counted. */
	write(record: LogRecord): void;
	/** Answers why it could not, in which case all is as before. */
	reopen(): string | undefined;
	close(): void;
};

/** What a kind of target has to offer: both may throw. */
export type TextTarget = {
	write(text: string, record: LogRecord): void;
	/** Only where opening again means something. */
	reopen?(): void;
	close?(): void;
};

/** What the targets need of the world. Times are Unix milliseconds, but `startedAt` Unix seconds as in a record. */
export type TargetContext = Omit<EventLogOptions, 'settings'> & {
	readonly startedAt: number;
	/** Undefined when no handler needs it. */
	readonly openSyslog: ((handler: SyslogHandler, now: () => number) => TextTarget) | undefined;
};

type SyslogHandler = Extract<LogHandler, {type: 'syslog'}>;

/** Opens every handler that the supervisor serves; if one cannot be opened, none stays open. */
export const openTargets = (
	handlers: readonly LogHandler[],
	context: TargetContext,
): LogTarget[] => {
	const targets: LogTarget[] = [];
	const zoneAbbreviation = createZoneAbbreviation(context.timeZone);
	try {
		for (const handler of handlers) {
			const format = isJson(handler)
				? renderJsonRecord
				: compileLogFormat(handler, createAsctime(handler.dateFormat, zoneAbbreviation));
			const target = openTextTarget(handler, context);
			if (target !== undefined) targets.push(joinTarget(handler.level, format, target));
		}
	} catch (error) {
		for (const target of targets) target.close();
		throw error;
	}
	return targets;
};

/** As a format of Python's, this word alone would be the whole of every record. */
const isJson = ({format}: LogHandler): boolean => format === 'json';

const openTextTarget = (handler: LogHandler, context: TargetContext): TextTarget | undefined => {
	switch (handler.type) {
		case 'logfile':
			if (handler.path === 'STDOUT') return streamTarget(context.stdout);
			if (handler.path === 'STDERR') return streamTarget(context.stderr);
			return openLogFile(handler, context.now);
		case 'syslog':
			return context.openSyslog?.(handler, context.now);
		case 'email-notifier':
		case 'http-logger':
		case 'win32-eventlog':
			return undefined;
	}
};

const streamTarget = (sink: TextSink): TextTarget => ({
	write: (text, {levelno}) => sink.write(`${text}\n`, levelno),
});

const renderJsonRecord = ({created, levelno, message, pid}: LogRecord): string =>
	JSON.stringify({
		time: new Date(created * 1000).toISOString(),
		level: levelName(levelno).toLowerCase(),
		pid,
		message,
	});

const joinTarget = (
	level: number,
	format: (record: LogRecord) => string,
	target: TextTarget,
): LogTarget => ({
	level,
	write: countLosses((record: LogRecord) => target.write(format(record), record)),
	reopen: () => {
		try {
			target.reopen?.();
			return undefined;
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	},
	close: () => target.close?.(),
});
