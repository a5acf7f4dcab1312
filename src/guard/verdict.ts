import {renderShellCommand} from '../platform/shell-word.js';
import {renderHolder, searchListener} from './describe-holder.js';
import type {Holder} from './holders.js';
import type {ListenAddress} from './listeners.js';

/** What is known before a start. Absence of a holder only means that none was seen. */
export type Evidence = {
	readonly files: readonly FileEvidence[];
	/** Somebody else accepts connections where the server is to listen. */
	readonly address: {readonly address: ListenAddress; readonly holder: Holder} | undefined;
	/** Of the lock that stands for the program where it has no database. */
	readonly programLock: LockEvidence;
	/** What copies a deleted database out of its server, as a person types it. */
	readonly rescueCommand: string;
	/** Unix seconds. */
	readonly now: number;
};

export type FileEvidence = {
	readonly file: string;
	/** Names that the file has; 0 while it does not exist. */
	readonly links: number;
	readonly isFolder: boolean;
	readonly lock: LockEvidence;
	/** Who has ZODB's own lock: a server that nobody guards. */
	readonly zodbHolder: Holder | undefined;
	/** Who has the file open for writing, or one that was deleted under this name. */
	readonly writer: Holder | undefined;
	/** Who has a file open for writing that was deleted under this name; looked for where somebody is in the way. */
	readonly deletedWriter: Holder | undefined;
};

export type LockEvidence =
	| {readonly lock: 'ours'}
	| {readonly lock: 'held'; readonly holder: Holder}
	| {readonly lock: 'unusable'; readonly name: string; readonly reason: string};

export type Verdict = {readonly verdict: 'start'; readonly warning: string | undefined} | Refusal;

type Refusal = {
	readonly verdict: 'refuse';
	readonly reason: string;
	/** What to type next. */
	readonly hint: string;
};

/** Whether a program may be started; decided from evidence alone. */
export const decide = (evidence: Evidence): Verdict => {
	const {files, address, programLock, now} = evidence;
	for (const file of files) {
		const refusal = judgeFile(file, evidence);
		if (refusal !== undefined) return refusal;
	}
	if (address !== undefined) return refuseAddress(address, now);
	return {verdict: 'start', warning: warnOf(programLock, now)};
};

const judgeFile = (
	{file, links, isFolder, lock, zodbHolder, writer, deletedWriter}: FileEvidence,
	{now, rescueCommand}: Pick<Evidence, 'now' | 'rescueCommand'>,
): Refusal | undefined => {
	if (isFolder) return refuseFolder(file);
	if (links > 1) return refuseLinks(file, links);
	if (lock.lock === 'unusable') return refuseUnusable(file, lock);
	if (deletedWriter !== undefined)
		return refuse(describeDeleted(file, deletedWriter, now), saveFirst(rescueCommand));
	const holder = lock.lock === 'held' ? lock.holder : (zodbHolder ?? writer);
	return holder && refuseHolder(file, holder, now);
};

const refuseFolder = (file: string): Refusal =>
	refuse(
		`'${file}' is a folder, where the database is a file`,
		`name the file in the conf; if the folder is empty, remove it: ${renderShellCommand(['rmdir', file])}`,
	);

const refuseLinks = (file: string, links: number): Refusal =>
	refuse(
		`'${file}' has ${links} names (hard links), so that another server could open it by another one`,
		renderShellCommand(['find', folderOf(file), '-xdev', '-samefile', file]),
	);

const refuseUnusable = (
	file: string,
	{name, reason}: Extract<LockEvidence, {lock: 'unusable'}>,
): Refusal =>
	refuse(
		`the lock '${name}', which keeps a second server away from '${file}', cannot be used: ${reason}`,
		/util-linux/.test(reason)
			? 'apt install util-linux'
			: renderShellCommand(['ls', '-ld', folderOf(name), name]),
	);

const refuseHolder = (file: string, holder: Holder, now: number): Refusal =>
	refuse(`the database '${file}' is in use by ${renderHolder(holder, now)}`, endOf(holder));

const refuseAddress = ({address, holder}: NonNullable<Evidence['address']>, now: number): Refusal =>
	refuse(
		`the address ${renderAddress(address)} is in use by ${renderHolder(holder, now)}`,
		holder.pid === undefined ? searchListener(address) : endOf(holder),
	);

const renderAddress = (address: ListenAddress): string =>
	'path' in address ? address.path : `${address.host}:${address.port}`;

const refuse = (why: string, hint: string): Refusal => ({
	verdict: 'refuse',
	reason: `cannot start the program: ${why}`,
	hint,
});

/** What is said of a database that was deleted under its server. */
export const describeDeleted = (file: string, writer: Holder, now: number): string =>
	`the database '${file}' has been deleted, and lives only as long as ${renderHolder(writer, now)}`;

/** What to type before that server is ended. */
export const saveFirst = (rescueCommand: string): string =>
	`do not end it before this: ${rescueCommand}`;

/**
 * What to type to end a holder. Where it cannot be seen, root can; where its files cannot, nobody is told to kill what may
 * be the last that has a deleted database.
 */
export const endOf = (holder: Holder): string => {
	if (holder.pid === undefined)
		return 'sudo lsof, to see all processes; it may run in a container or on another machine';
	return holder.visible && holder.showsFiles
		? `stop it where it was started; if nobody knows where: kill ${holder.pid}`
		: `stop it where it was started, once this shows no "(deleted)" database: sudo ls -l /proc/${holder.pid}/fd`;
};

/** Without a database there is nothing to lose: a helper that outlived its program is no reason not to serve. */
const warnOf = (lock: LockEvidence, now: number): string | undefined => {
	switch (lock.lock) {
		case 'ours':
			return undefined;
		case 'held':
			return `${renderHolder(lock.holder, now)}, started by an earlier program, still runs`;
		case 'unusable':
			return `a program that outlives this supervisor will not be found again: ${lock.reason} (${lock.name})`;
	}
};

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/')) || '/';
