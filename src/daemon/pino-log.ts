import pino from 'pino';
import type {LogRecord} from '../schema/log-record.js';
import type {EventLogSettings} from '../settings/settings.js';
import type {EventLog} from './event-log.js';
import {type LogTarget, openTargets, type TargetContext} from './log-targets.js';

/** ZConfig's names, Python's numbers. */
const levels = {
	critical: 50,
	error: 40,
	warning: 30,
	info: 20,
	blather: 15,
	debug: 10,
	trace: 5,
	all: 1,
};

type Level = keyof typeof levels;

/** An event log with handlers: one pino logger over one stream per handler. */
export const openPinoLog = (
	settings: EventLogSettings,
	options: Omit<TargetContext, 'startedAt'>,
): EventLog => {
	const startedAt = options.now() / 1000;
	const targets = openTargets(settings.handlers, {...options, startedAt});
	const streams = targets.map(target => ({
		level: nameOf(target.level),
		stream: recordStream(target, {name: settings.name ?? 'root', pid: options.pid, startedAt}),
	}));
	const logger = pino(
		{
			level: nameOf(settings.level),
			customLevels: levels,
			useOnlyCustomLevels: true,
			base: null,
			timestamp: () => `,"time":${options.now() / 1000}`,
		},
		pino.multistream<Level>(streams, {levels, dedupe: false}),
	);
	return {
		debug: message => logger.debug(message),
		info: message => logger.info(message),
		warning: message => logger.warning(message),
		error: message => logger.error(message),
		critical: message => logger.critical(message),
		reopen: () => targets.map(target => target.reopen()).filter(reason => reason !== undefined),
		close: () => {
			for (const target of targets) target.close();
		},
	};
};

/** The lowest named level that a threshold lets through; records have named levels only. */
const nameOf = (threshold: number): Level => {
	const names: readonly Level[] = ['all', 'trace', 'debug', 'blather', 'info', 'warning', 'error'];
	return names.find(name => levels[name] >= threshold) ?? 'critical';
};

/** Pino hands over its line as JSON, and with this symbol also the parts of it, which is what a format needs. */
const recordStream = (
	target: LogTarget,
	origin: Pick<LogRecord, 'name' | 'pid' | 'startedAt'>,
) => ({
	[Symbol.for('pino.metadata')]: true,
	lastLevel: 0,
	lastMsg: '',
	lastTime: '0',
	write() {
		target.write({
			levelno: this.lastLevel,
			message: this.lastMsg,
			created: Number(this.lastTime),
			...origin,
		});
	},
});
