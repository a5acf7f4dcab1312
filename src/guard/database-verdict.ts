import {renderShellCommand, renderShellWord} from '../platform/shell-word.js';
import type {DatabaseFiles, DataFile} from '../storage/kind.js';
import {renderTransactionTime, renderUtc} from '../zeo/transaction-id.js';
import type {Ledger} from './ledger.js';

/** All that is known of a database before its server is started. */
export type DatabaseEvidence = {
	readonly files: DatabaseFiles;
	readonly ledger: Ledger | undefined;
	/** Whether a log says that a pack was completed since (Unix seconds): asked where it matters only, as it reads much. */
	hasLoggedPack(since: number): boolean;
	/** What a person types to say that the present file is the right one. */
	readonly acceptCommand: string;
};

/** What is wrong with a database, or looks wrong. A refusal forbids the start. */
export type DatabaseTrouble = {
	readonly verdict: 'warn' | 'refuse';
	readonly code: DatabaseTroubleCode;
	/** What follows `cannot start: `. */
	readonly reason: string;
	/** What to do or to type. */
	readonly hint: string;
	/** The command in the hint that repairs it without loss, ready for a shell. */
	readonly repair?: string;
};

type DatabaseTroubleCode =
	| 'interrupted-pack'
	| 'missing'
	| 'emptied'
	| 'older'
	| 'begun-anew'
	| 'unrecorded-pack'
	| 'leftover-pack'
	| 'unclear'
	| 'foreign'
	| 'unreadable';

export type DatabaseVerdict = {readonly verdict: 'ok'} | DatabaseTrouble;

const ok: DatabaseVerdict = {verdict: 'ok'};

/**
 * Whether a start would serve an empty or older database by accident. Shorter alone is normal, since anybody may
 * pack. Loss is a last transaction older than the recorded one without a sign of a pack, or a missing or empty file
 * where the ledger, `.old`, `.pack` or `.index` knows better. Without any trace of an earlier life nothing is asked.
 */
export const judgeDatabase = (evidence: DatabaseEvidence): DatabaseVerdict => {
	const {data} = evidence.files;
	switch (data?.content.state) {
		case undefined:
		case 'empty':
			return judgeAbsence(evidence);
		case 'transactions':
			return judgePresence(evidence, parseWhole(data));
		case 'unclear':
			return {
				verdict: 'warn',
				code: 'unclear',
				reason: `the end of '${data.path}' cannot be understood, so nobody can tell whether it is complete`,
				hint: `look into its log: the server cuts off what it cannot read, and keeps it as ${renderShellWord(`${data.path}.tr0`)}`,
			};
		case 'foreign':
			return {
				verdict: 'warn',
				code: 'foreign',
				reason: `'${data.path}' does not begin like a database (FS30) but with ${JSON.stringify(data.magic)}`,
				hint: renderShellCommand(['ls', '-l', data.path, `${data.path}.old`]),
			};
		case 'unreadable':
			return {
				verdict: 'warn',
				code: 'unreadable',
				reason: `'${data.path}' cannot be read: ${data.content.reason}`,
				hint: renderShellCommand(['ls', '-l', data.path]),
			};
	}
};

/** A file with at least one transaction. */
type Whole = DataFile & {readonly content: Extract<DataFile['content'], {state: 'transactions'}>};

const parseWhole = (file: DataFile): Whole => {
	const {content} = file;
	if (content.state !== 'transactions') throw new TypeError('a file without transactions');
	return {...file, content};
};

const wholeOf = (file: DataFile | undefined): Whole | undefined =>
	file?.content.state === 'transactions' ? parseWhole(file) : undefined;

/** Files beside the database that a person has not called irrelevant. */
const witnessesOf = ({files, ledger}: DatabaseEvidence) => {
	const isHeard = (inode: string): boolean => !(ledger?.dismissed ?? []).includes(inode);
	const holdsData = (file: DataFile | undefined): file is DataFile =>
		file !== undefined &&
		/^(?:transactions|unclear|unreadable)$/.test(file.content.state) &&
		isHeard(file.inode);
	const {old, pack, index, rescued} = files;
	return {
		rescued: holdsData(rescued) ? wholeOf(rescued) : undefined,
		old: holdsData(old) ? old : undefined,
		pack: holdsData(pack) ? pack : undefined,
		index: index?.hasEntries && isHeard(index.inode) ? index : undefined,
	};
};

/** No file, or one without a transaction: who knows that there was more? */
const judgeAbsence = (evidence: DatabaseEvidence): DatabaseVerdict => {
	const {files, ledger, acceptCommand} = evidence;
	const {old, pack, index, rescued} = witnessesOf(evidence);
	const known = ledger?.tid ?? undefined;
	const hasWitness = [old, pack, index, rescued].some(witness => witness !== undefined);
	// What a server has stored since it was up is not known before it ends.
	const served = ledger?.why === 'ready' && ledger.inode !== (files.data?.inode ?? null);
	if (!hasWitness && known === undefined && !served) return ok;
	const is =
		files.data === undefined ? 'is missing' : `holds no transaction (${files.data.size} bytes)`;
	const lacking = `the database '${files.path}' ${is}`;
	const code = files.data === undefined ? 'missing' : 'emptied';

	const best = latestOf(wholeOf(old), wholeOf(pack));
	// What a server had at its end is later than what its last pack has left, and than the record of its start.
	if (rescued !== undefined && isLatest(rescued, [best?.content.last.tid, known])) {
		const repair = renderShellCommand(['mv', '-n', rescued.path, files.path]);
		return {
			verdict: 'refuse',
			code,
			reason: `${lacking}; '${rescued.path}' was rescued from its server and ends ${renderTransactionTime(rescued.content.last.tid)}`,
			hint: `${repair}; if it really is to begin empty: ${acceptCommand}`,
			repair,
		};
	}

	const proven = findProven({old: wholeOf(old), pack: wholeOf(pack), known});
	if (proven !== undefined) {
		const repair = renderShellCommand(['mv', proven.path, files.path]);
		const wasPacked = old !== undefined && (pack !== undefined || known !== undefined);
		return {
			verdict: 'refuse',
			code: wasPacked ? 'interrupted-pack' : code,
			reason: wasPacked
				? `${lacking}: a pack was interrupted between its two renames, all data is in '${proven.path}'`
				: `${lacking}, all data is in '${proven.path}'`,
			hint: repair,
			repair,
		};
	}

	const wanted = `if it really is to begin empty: ${acceptCommand}`;
	if (best !== undefined) {
		const command = renderShellCommand(['mv', best.path, files.path]);
		const end = renderTransactionTime(best.content.last.tid);
		return {
			verdict: 'refuse',
			code,
			reason:
				known === undefined
					? `${lacking}; '${best.path}' is there and ends ${end}`
					: `${lacking}; what is left in '${best.path}' ends ${end}, older than the last known transaction, ${renderTransactionTime(known)}`,
			hint: `restore the newest backup; if there is none that ends later: ${command}; ${wanted}`,
		};
	}
	const witness = (old ?? pack)?.path ?? (index && `${files.path}.index`);
	const source =
		known !== undefined
			? `its last known transaction is of ${renderTransactionTime(known)}`
			: witness !== undefined
				? `'${witness}' shows that it had data`
				: `a server has had it since ${renderUtc(ledger?.at ?? 0)}, and what that has stored is not known`;
	return {
		verdict: 'refuse',
		code,
		reason: `${lacking}, but ${source}`,
		hint: `restore it from a backup, or mount what is missing; ${wanted}`,
	};
};

/**
 * A file that certainly holds everything. `.old` does if it reaches the last known transaction, or if `.pack` beside
 * it shows that the pack which made it never came to its end. `.pack` alone must reach it, too.
 */
const findProven = ({
	old,
	pack,
	known,
}: {
	readonly old: Whole | undefined;
	readonly pack: Whole | undefined;
	readonly known: string | undefined;
}): Whole | undefined => {
	if (known === undefined) return pack === undefined ? undefined : old;
	const reaches = (file: Whole | undefined): boolean =>
		file !== undefined && file.content.last.tid >= known;
	if (reaches(old)) return old;
	return reaches(pack) && pack?.content.tail === 0 ? pack : undefined;
};

const isLatest = (file: Whole, others: readonly (string | undefined)[]): boolean =>
	others.every(tid => tid === undefined || file.content.last.tid >= tid);

const latestOf = (left: Whole | undefined, right: Whole | undefined): Whole | undefined => {
	if (left === undefined || right === undefined) return left ?? right;
	return left.content.last.tid >= right.content.last.tid ? left : right;
};

/** A file with transactions: the right one, an older one, or one that somebody began anew? */
const judgePresence = (evidence: DatabaseEvidence, data: Whole): DatabaseVerdict => {
	const {ledger} = evidence;
	const isKnownFile = ledger?.inode === data.inode;
	const known = ledger?.tid ?? undefined;
	const isOlder = known !== undefined && data.content.last.tid < known;
	if (isOlder) return judgeOlder(evidence, data, {known, since: ledger?.at ?? 0});
	return (
		(isKnownFile ? undefined : judgeNewcomer(evidence, data, known)) ??
		judgeLeftover(evidence, data) ??
		ok
	);
};

/**
 * A pack drops transactions at the end, too, if nothing of them is needed any more; what stays is then marked as
 * packed to the last one. `.old` with the recorded inode, or the log, is the sign of a pack.
 */
const judgeOlder = (
	{files, ledger, hasLoggedPack, acceptCommand}: DatabaseEvidence,
	data: Whole,
	{known, since}: {readonly known: string; readonly since: number},
): DatabaseVerdict => {
	const {last} = data.content;
	const old = wholeOf(files.old);
	const hasOldFile =
		files.old !== undefined &&
		files.old.inode === ledger?.inode &&
		(old === undefined || old.content.last.tid >= known);
	const times = `its last transaction is of ${renderTransactionTime(last.tid)}, the last known one of ${renderTransactionTime(known)} (recorded ${renderUtc(since)})`;
	if (hasOldFile || hasLoggedPack(since)) {
		if (last.packed) return ok;
		return {
			verdict: 'warn',
			code: 'older',
			reason: `'${data.path}' is older than it was, although ${hasOldFile ? `'${data.path}.old' looks like a pack` : 'a pack was logged'}: ${times}`,
			hint: `if it was replaced by a copy on purpose, nothing needs to be done; else: ${renderShellCommand(['ls', '-l', data.path, `${data.path}.old`])}`,
		};
	}
	// A pack writes a new file, which cannot be older than the record.
	if (last.packed && data.modifiedAt >= since - clockSlackSeconds) {
		return {
			verdict: 'warn',
			code: 'unrecorded-pack',
			reason: `'${data.path}' was packed by somebody who kept neither the old file nor a record, or is an old copy: ${times}`,
			hint: 'if nobody packed it: stop, and restore the newest backup',
		};
	}
	const better = latestOf(old, wholeOf(files.pack));
	const newer = better !== undefined && better.content.last.tid >= known ? better : undefined;
	const accept = `if the older one is wanted: ${acceptCommand}`;
	return {
		verdict: 'refuse',
		code: 'older',
		reason: `'${data.path}' is older than it was, and not by a pack: ${times}`,
		hint:
			newer === undefined
				? `restore the newest backup; ${accept}`
				: `the newer data is in '${newer.path}': ${exchange(data.path, newer.path)}; ${accept}`,
	};
};

/** File times come from the kernel's coarse clock. */
const clockSlackSeconds = 2;

/** Puts another file in the place of the database without losing the present one. */
const exchange = (present: string, other: string): string =>
	`${renderShellCommand(['mv', present, `${present}.set-aside`])} && ${renderShellCommand(['mv', other, present])}`;

/**
 * A file in which everything is younger than what was known holds none of the old data. `.old` and `.pack` are there
 * together only while a pack is between its renames: then it was created in the place of the missing file.
 */
const judgeNewcomer = (
	evidence: DatabaseEvidence,
	data: Whole,
	known: string | undefined,
): DatabaseTrouble | undefined => {
	const {first} = data.content;
	const {old, pack} = witnessesOf(evidence);
	const before = wholeOf(old)?.content.last.tid ?? known;
	if (before === undefined || first.packed || first.tid <= before) return undefined;
	const begun = `'${data.path}' begins ${renderTransactionTime(first.tid)}, after everything that`;
	if (old !== undefined && pack !== undefined) {
		const repair = exchange(data.path, old.path);
		return {
			verdict: 'refuse',
			code: 'begun-anew',
			reason: `${begun} '${old.path}' holds: a pack was interrupted between its two renames, and an empty database was begun in place of the missing file`,
			hint: `${repair}; if the new one is wanted: ${evidence.acceptCommand}`,
			repair,
		};
	}
	return {
		verdict: 'warn',
		code: 'begun-anew',
		reason: `${begun} ${old === undefined ? 'was known of it' : `'${old.path}' holds`}: it is another database`,
		hint: 'if it was not replaced on purpose: stop, and look for the earlier file',
	};
};

/** The rest of a pack that never came to its first rename: of no use, but large. */
const judgeLeftover = (evidence: DatabaseEvidence, data: Whole): DatabaseTrouble | undefined => {
	const {pack} = evidence.files;
	if (pack === undefined || (evidence.ledger?.dismissed ?? []).includes(pack.inode))
		return undefined;
	const command = renderShellCommand(['rm', pack.path]);
	return {
		verdict: 'warn',
		code: 'leftover-pack',
		reason: `a pack of '${data.path}' was interrupted; the database is whole, its unfinished copy takes ${pack.size} bytes`,
		hint: `the next pack overwrites it, or: ${command}`,
	};
};
