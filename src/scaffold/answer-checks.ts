import {renderPythonString as quote} from '../platform/python-repr.js';
import {cronExpression} from '../schema/cron-expression.js';
import {hostName, mailAddress} from '../schema/mail.js';

/** A set of pinned Python packages, and the versions of ZEO that it has. The newest comes last. */
export type Release = {readonly name: string; readonly zeoVersions: readonly string[]};

/** What the answers are checked against. */
export type Machine = {
	/** Absolute path of the folder that becomes the instance. */
	readonly folder: string;
	readonly home: string;
	/** Who makes the instance. */
	readonly user: {readonly uid: number; readonly name: string; readonly group: string};
	readonly releases: readonly Release[];
	/** Whether something listens there on this machine; false for what this instance itself has. */
	isPortTaken(port: number): boolean;
};

/** Why a value cannot be used, and what would be accepted; undefined when it can. */
export type Objection = string | undefined;

const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;
const surroundings = {isDirectory: () => true, exists: () => true, homeOf: () => undefined};

export const checkTitle = (value: string): Objection => {
	if (value.trim() === '') return 'a name is needed';
	if (unprintable.test(value)) return 'only printable characters, on one line';
	return value.length > 200 ? 'at most 200 characters' : undefined;
};

/** It names files, a service and a user's commands, so it is plain. */
export const checkSlug = (value: string): Objection =>
	/^[a-z0-9][a-z0-9_-]{0,39}$/i.test(value)
		? undefined
		: 'up to 40 letters (a to z), digits, - and _, beginning with a letter or digit';

/** Names of storages: ZConfig reads them as the name of a section, in small letters. */
export const checkStorage = (value: string): Objection =>
	/^[a-z0-9_][a-z0-9_.-]{0,39}$/.test(value)
		? undefined
		: 'up to 40 small letters (a to z), digits, ., - and _';

/** As useradd(8) accepts them. */
export const checkAccount = (value: string): Objection =>
	/^[a-z_][a-z0-9_-]{0,31}$/i.test(value)
		? undefined
		: 'a name of up to 32 letters, digits, - and _, beginning with a letter or _';

/** Who connects: the name of the files of its certificate, or its name in a database of passwords. */
export const checkClient = (value: string): Objection =>
	/^[a-z\d][a-z\d._-]{0,62}$/i.test(value) && !/^(?:ca|server)$/i.test(value)
		? undefined
		: 'up to 63 letters, digits, ., _ and -, beginning with a letter or digit, not ca or server';

export const checkChoice = (value: string, choices: readonly string[]): Objection =>
	choices.includes(value) ? undefined : `one of ${choices.join(', ')}`;

export const checkPort = (value: string, runUser: string, machine: Machine): Objection => {
	const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
	if (port < 1 || port > 65_535) return 'a number from 1 to 65535';
	if (port < 1024 && runUser !== 'root')
		return `1024 or above: only root may listen at ${port}, and the server runs as ${quote(runUser)}`;
	return machine.isPortTaken(port)
		? `another port: something listens at ${port} already`
		: undefined;
};

/**
 * Folders that a conf, a command line and a unit can name. A `"` beside white space cannot be written into the
 * `program` line of a conf.
 */
export const checkFolder = (value: string): Objection => {
	if (value === '' || unprintable.test(value)) return 'a path of printable characters';
	if (value !== value.trim()) return 'a path that neither begins nor ends with white space';
	if (/\s/u.test(value) && /["']/.test(value))
		return 'a path with white space or with quotes, not both';
	return Buffer.byteLength(value) > 1000 ? 'a shorter path' : undefined;
};

/** Folders in which logrotate finds a log: it takes each brace for that of a block, in quotes, too. */
export const checkLogs = (value: string): Objection =>
	/[{}]/.test(value) ? 'a path without { and }, which logrotate cannot read' : checkFolder(value);

/**
 * Where the instance itself may be: its control socket must fit into the 107 bytes that the system has for it. Where
 * the path of a Python holds a blank, pip writes it into a shell command in double quotes (distlib's `scripts.py`).
 */
export const checkRoot = (folder: string): Objection => {
	if (/\s/u.test(folder) && /[$`\\]/.test(folder))
		return 'a path with white space or with $, ` or \\, not both: a shell would take it for a command';
	const room = 107 - Buffer.byteLength('/var/zeo.sock');
	return Buffer.byteLength(folder) > room
		? `at most ${room} bytes: the path of its control socket would be too long for the system`
		: checkLogs(folder);
};

export const checkSchedule = (value: string): Objection => {
	if (value === 'none') return undefined;
	// Between its fields cron takes any white space, a line of a conf does not.
	if (unprintable.test(value)) return 'five fields on one line, with blanks between them (or none)';
	return tryTo(() => cronExpression(value, surroundings), ' (or none)');
};

export const checkDays = (value: string): Objection =>
	/^\d{1,5}$/.test(value) ? undefined : 'a number of days, 0 to 99999';

export const checkMailbox = (value: string): Objection => {
	if (value === 'none') return undefined;
	if (unprintable.test(value)) return 'an address of printable characters (or none)';
	return tryTo(() => mailAddress(value, surroundings), ' (or none)');
};

/** `HOST`, `HOST:PORT`, or the path of a sendmail. */
export const checkMailServer = (value: string): Objection => {
	if (/^\/\S+$/.test(value)) return checkFolder(value);
	const [host = '', port, ...more] = value.split(':');
	const isPort =
		port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
	if (more.length > 0 || !isPort) return 'HOST, HOST:PORT, or the path of a sendmail';
	return tryTo(() => hostName(host, surroundings), '');
};

/** `check` throws when it does not like a value. */
const tryTo = (check: () => unknown, more: string): Objection => {
	try {
		check();
		return undefined;
	} catch (error) {
		return `${error instanceof Error ? error.message : String(error)}${more}`;
	}
};
