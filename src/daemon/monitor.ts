import {probeServer} from '../health/probe.js';
import {type MonitorPort, openMonitorPort} from '../monitor/monitor-port.js';
import {renderMonitorText} from '../monitor/monitor-text.js';
import {rememberFor} from '../monitor/remember.js';
import {systemClock} from '../platform/clock.js';
import {errorMessage} from '../platform/errors.js';
import type {MonitorSettings, ServerSettings} from '../settings/settings.js';
import type {EventLog} from './event-log.js';

/** The server is asked at most once in this time, however many scripts there are. */
const freshMs = 1000;

/** A script is answered within its own patience, or told that the server is down. */
const timeoutMs = 5000;

/**
 * Serves ZEO 4's monitor text at the address of the `<monitor>` section. An address that cannot be had is a warning:
 * what is watched matters more than its watchers.
 */
export const serveMonitor = ({
	monitor,
	server,
	isUp,
	log,
}: {
	readonly monitor: MonitorSettings | undefined;
	readonly server: ServerSettings | undefined;
	readonly isUp: () => boolean;
	readonly log: EventLog;
}): {close(): void} => {
	if (monitor === undefined) return {close: () => undefined};
	if (server === undefined) {
		log.warning('nothing to tell at the <monitor> address: the program is no ZEO server');
		return {close: () => undefined};
	}
	const ask = rememberFor(freshMs, systemClock.monotonicMs, async () => {
		const found = await probeServer({zeo: server.zeo, storages: []}, {timeoutMs});
		return found.probe === 'ready' && found.storages !== undefined
			? renderMonitorText(found.storages, systemClock.unixSeconds())
			: undefined;
	});
	let isClosed = false;
	let opened: MonitorPort | undefined;
	openMonitorPort(monitor, async () => (isUp() ? ask() : undefined)).then(
		port => {
			opened = port;
			if (isClosed) port.close();
		},
		error => {
			log.warning(`cannot serve the <monitor> port: ${errorMessage(error)}`);
		},
	);
	return {
		close() {
			isClosed = true;
			opened?.close();
		},
	};
};
