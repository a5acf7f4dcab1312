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

/** Where text goes. */
export type TextSink = {write(text: string): void};

export type EventLogOptions = {
	readonly settings: EventLogSettings | undefined;
	readonly stdout: TextSink;
	readonly stderr: TextSink;
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
 */
export const loadEventLog = async (options: EventLogOptions): Promise<EventLog> => {
	const {settings, stderr} = options;
	if (settings === undefined) return bareLog(message => writeBare(stderr, message));
	if (settings.handlers.length === 0) return bareLog(() => undefined);
	const {openPinoLog} = await import('./pino-log.js');
	const usesSyslog = settings.handlers.some(handler => handler.type === 'syslog');
	const syslog = usesSyslog ? await import('./syslog.js') : undefined;
	return openPinoLog(settings, {...options, openSyslog: syslog?.openSyslog});
};

const bareLog = (write: (message: string) => void): EventLog => ({
	debug: () => undefined,
	info: () => undefined,
	warning: write,
	error: write,
	critical: write,
	reopen: () => [],
	close: () => undefined,
});

const writeBare = (stderr: TextSink, message: string): void => {
	try {
		stderr.write(`${message}\n`);
	} catch {
		// There is no other place to say it.
	}
};
