import type {EventLogSettings} from '../settings/settings.js';

/** The supervisor's own words, for people; each goes to every handler whose level it reaches. Never throws, never waits. */
export type EventLog = {
	debug(message: string): void;
	info(message: string): void;
	warning(message: string): void;
	error(message: string): void;
	critical(message: string): void;
	/** Opens plain files again by name, rotates rotating ones. Answers why it could not; the old file stays in use then. */
	reopen(): readonly string[];
	close(): void;
};

/** Where text goes; the level is one of Python's numbers, for sinks that show it in a way of their own. */
export type TextSink = {write(text: string, level?: number): void};

export type EventLogOptions = {
	readonly settings: EventLogSettings | undefined;
	readonly stdout: TextSink;
	readonly stderr: TextSink;
	/** Whether standard output is the journal, which then hears all but the details, whoever else does. */
	readonly isJournal?: boolean;
	/** Unix milliseconds. */
	readonly now: () => number;
	readonly pid: number;
	/** The variable TZ, for the abbreviation of the time zone. */
	readonly timeZone: string | undefined;
};

/**
 * Opens the event log; files are open when it resolves, or it rejects with the reason and the next command to type.
 * The packages cost memory, so they are loaded only where the conf asks for them, and now, not later. Without an event log section
 * warnings and worse go to standard error as bare messages, as Python does; with one, but without handlers, all vanish.
 * Where there is a journal it is where people look first: it gets the same, once.
 */
export const loadEventLog = async (options: EventLogOptions): Promise<EventLog> => {
	const {settings, stdout, stderr, isJournal = false} = options;
	if (settings === undefined) return isJournal ? bareLog(stdout, levels.info) : bareLog(stderr);
	if (settings.handlers.length === 0) return bareLog({write: () => undefined});
	const {openPinoLog} = await import('./pino-log.js');
	const usesSyslog = settings.handlers.some(handler => handler.type === 'syslog');
	const syslog = usesSyslog ? await import('./syslog.js') : undefined;
	const log = openPinoLog(settings, {...options, openSyslog: syslog?.openSyslog});
	const isHeard = settings.handlers.some(
		each => each.type === 'logfile' && /^STD(?:OUT|ERR)$/.test(each.path),
	);
	return isJournal && !isHeard ? sayTwice(log, bareLog(stdout, levels.info)) : log;
};

const levels = {debug: 10, info: 20, warning: 30, error: 40, critical: 50} as const;

const bareLog = (sink: TextSink, lowest: number = levels.warning): EventLog => {
	const writer = (level: number) => (message: string) => {
		if (level >= lowest) writeBare(sink, message, level);
	};
	return {
		debug: writer(levels.debug),
		info: writer(levels.info),
		warning: writer(levels.warning),
		error: writer(levels.error),
		critical: writer(levels.critical),
		reopen: () => [],
		close: () => undefined,
	};
};

const sayTwice = (log: EventLog, journal: EventLog): EventLog => {
	const both =
		(level: keyof typeof levels) =>
		(message: string): void => {
			log[level](message);
			journal[level](message);
		};
	return {
		...log,
		debug: both('debug'),
		info: both('info'),
		warning: both('warning'),
		error: both('error'),
		critical: both('critical'),
	};
};

const writeBare = (sink: TextSink, message: string, level: number): void => {
	try {
		sink.write(`${message}\n`, level);
	} catch {
		// There is no other place to say it.
	}
};
