import {readFileSync, statSync} from 'node:fs';
import {systemErrorCode} from '../platform/errors.js';
import {replaceDurably} from '../platform/files.js';

/** What was known of a database when it was last seen in order. */
export type Ledger = {
	/** Bytes of the data file. */
	readonly size: number;
	/** The last transaction as 16 hexadecimal digits, null while there was none. */
	readonly tid: string | null;
	/** Of the data file, decimal; null when there was none. */
	readonly inode: string | null;
	/** Unix seconds. */
	readonly at: number;
	/** The boot of the machine in which it was written. */
	readonly boot: string;
	readonly why: LedgerReason;
	/** Inodes of files beside the database which a person has called irrelevant. */
	readonly dismissed: readonly string[];
};

/** On what occasion the ledger was written; `accepted` is a person's word. */
export type LedgerReason = 'ready' | 'end' | 'pack' | 'accepted';

/** What stands in the place of a ledger; what is not ours tells nothing, and is no reason to stop. */
export type LedgerState =
	| {readonly state: 'known'; readonly ledger: Ledger}
	| {readonly state: 'none'}
	| {readonly state: 'unusable'; readonly reason: string};

/** The ledger of the database at a real path (without symbolic links), beside it. */
export const ledgerFile = (realPath: string): string => `${realPath}.zeoctl`;

/** Never throws. */
export const readLedger = (realPath: string): LedgerState => {
	try {
		const ledger = parseLedger(readFileSync(ledgerFile(realPath), 'utf8'));
		return ledger
			? {state: 'known', ledger}
			: {state: 'unusable', reason: 'it is torn, foreign or of another version'};
	} catch (error) {
		const code = systemErrorCode(error);
		return code === 'ENOENT' || code === 'ENOTDIR'
			? {state: 'none'}
			: {state: 'unusable', reason: code ?? 'it cannot be read'};
	}
};

/**
 * Writes the ledger durably, with the permissions of the data file (without those to execute). Throws system errors:
 * a full disk degrades the protection, and must not stop a server.
 */
export const writeLedger = (realPath: string, ledger: Ledger): void => {
	const owner = statSync(realPath, {throwIfNoEntry: false});
	replaceDurably(ledgerFile(realPath), renderLedger(ledger), {
		mode: (owner?.mode ?? 0o600) & 0o666,
		...(owner && {gid: owner.gid}),
	});
};

const version = 1;

/** The text of a ledger, with whatever else is to be in the file. */
export const renderLedger = (ledger: Ledger & Readonly<Record<string, unknown>>): string =>
	`${JSON.stringify({version, ...ledger})}\n`;

/** A ledger from its text, or undefined where the text is something else. */
export const parseLedger = (text: string): Ledger | undefined => {
	const value = parseJson(text);
	if (typeof value !== 'object' || value === null) return undefined;
	const found: Readonly<Record<string, unknown>> = {...value};
	const {size, tid, inode, at, boot, why, dismissed} = found;
	if (found['version'] !== version || !isCount(size) || !isCount(at)) return undefined;
	if (tid !== null && !(typeof tid === 'string' && /^[\da-f]{16}$/.test(tid))) return undefined;
	if (inode !== null && !isInode(inode)) return undefined;
	if (typeof boot !== 'string' || !isReason(why)) return undefined;
	if (!Array.isArray(dismissed) || !dismissed.every(isInode)) return undefined;
	return {size, tid, inode, at, boot, why, dismissed};
};

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

const isCount = (value: unknown): value is number =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isInode = (value: unknown): value is string =>
	typeof value === 'string' && /^\d+$/.test(value);

const reasons: readonly unknown[] = [
	'ready',
	'end',
	'pack',
	'accepted',
] satisfies readonly LedgerReason[];

const isReason = (value: unknown): value is LedgerReason => reasons.includes(value);
