import type {LogHandler} from '../settings/settings.js';
import type {TextTarget} from './log-targets.js';
import {createSyslogCommand} from './syslog-command.js';
import {createSyslogDatagram} from './syslog-datagram.js';

type SyslogHandler = Extract<LogHandler, {type: 'syslog'}>;

/** A way to a syslog server, opened at the first record. `send` throws if the record certainly does not get there. */
export type SyslogTransport = {
	send(priority: number, text: string): void;
	close(): void;
};

/** A `<syslog>`: by datagrams to a host, or through one `logger` process to a local socket (Node has no Unix datagrams). */
export const openSyslog = (handler: SyslogHandler, now: () => number): TextTarget => {
	const {facility, address} = handler;
	const transport =
		address.family === 'unix'
			? createSyslogCommand(address.path, now)
			: createSyslogDatagram(address.host, address.port ?? 514);
	return {
		write: (text, {levelno}) =>
			transport.send(facilityCode(facility) * 8 + severityCode(levelno), text),
		close: () => transport.close(),
	};
};

const facilities =
	'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7';

/** The codes of RFC 5424; `security` is the old name of `auth`. */
const facilityCode = (facility: string): number =>
	Math.max(0, facilities.split(' ').indexOf(facility === 'security' ? 'auth' : facility));

/** Python's mapping: levels without a name of their own are warnings. */
const severityCode = (levelno: number): number => {
	switch (levelno) {
		case 50:
			return 2;
		case 40:
			return 3;
		case 20:
			return 6;
		case 10:
			return 7;
		default:
			return 4;
	}
};
