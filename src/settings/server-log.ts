import path from 'node:path';
import type {EventLogSettings, ServerSettings} from './settings.js';

/** What the event log section of a server's conf says about where it writes. */
export const serverLog = (
	eventLog: EventLogSettings | undefined,
	directory: string,
): Pick<ServerSettings, 'hasEventLog' | 'logFiles'> => {
	const files = (eventLog?.handlers ?? []).flatMap(handler =>
		handler.type === 'logfile' && handler.path !== 'STDOUT' && handler.path !== 'STDERR'
			? [path.resolve(directory, handler.path)]
			: [],
	);
	return {hasEventLog: eventLog !== undefined, ...(files.length > 0 && {logFiles: files})};
};
