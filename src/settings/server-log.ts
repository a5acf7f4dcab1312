import path from 'node:path';
import type {EventLogSettings, ServerSettings} from './settings.js';

/** What the event log section of a server's conf says about where it writes. */
export const serverLog = (
	eventLog: EventLogSettings | undefined,
	directory: string,
): Pick<ServerSettings, 'hasEventLog' | 'logFiles' | 'unrotatedLogs'> => {
	const handlers = (eventLog?.handlers ?? []).flatMap(handler =>
		handler.type === 'logfile' && handler.path !== 'STDOUT' && handler.path !== 'STDERR'
			? [{...handler, path: path.resolve(directory, handler.path)}]
			: [],
	);
	const files = handlers.map(handler => handler.path);
	const unrotated = handlers
		.filter(({maxSize, when}) => maxSize === 0 && when === '')
		.map(handler => handler.path);
	return {
		hasEventLog: eventLog !== undefined,
		...(files.length > 0 && {logFiles: files}),
		...(unrotated.length > 0 && {unrotatedLogs: unrotated}),
	};
};
