/** What a server's log says of the end of a pack. */
export type LoggedPack =
	| {readonly end: 'complete'}
	/** The pack has failed, or the server was told to end. */
	| {readonly end: 'raised' | 'stopped'; readonly reason: string}
	| {readonly end: 'none'};

/** A pack as the log names it. */
export type PackName = {
	/** What we call ourselves there (ZEO 5 and 6). */
	readonly label: string;
	/** As Python writes it, which names our pack where there is no label; undefined when it is not known. */
	readonly time: string | undefined;
};

/** A label that cannot be taken for anything else on a line of a log. */
export const packLabel = (run: string, storage: string): string =>
	`zeoctl pack ${run} ${storage.replace(/[^\w.@ -]/g, '_').slice(0, 60)}`;

/**
 * Finds a pack in the text of a log and how it ended (`ZEO/StorageServer.py`, `ZEO/runzeo.py`): what stands after the
 * line of its beginning. Without that line nothing is said.
 */
export const findPackInLog = (text: string, name: PackName): LoggedPack => {
	const lines = text.split('\n');
	const begun = lines.findLastIndex(line => line.includes('started...') && isOurs(line, name));
	if (begun < 0) return {end: 'none'};
	const later = lines.slice(begun + 1);
	if (later.some(line => /\bpack\(time=.*\) complete$/.test(line) && isOurs(line, name)))
		return {end: 'complete'};
	const raised = later.findIndex(line => line.includes('Error raised in delayed method'));
	const reason = raised < 0 ? undefined : findPackFailure(later.slice(raised + 1));
	if (reason !== undefined) return {end: 'raised', reason};
	const stopped = later
		.map(line => /\b(?:terminated|restarted) by (SIG[A-Z]+)/.exec(line)?.[1])
		.find(signal => signal !== undefined);
	return stopped === undefined ? {end: 'none'} : {end: 'stopped', reason: stopped};
};

const isOurs = (line: string, {label, time}: PackName): boolean =>
	/\bpack\(time=/.test(line) &&
	(line.includes(`(${label} `) || (time !== undefined && line.includes(`pack(time=${time})`)));

/** The last line of a traceback that comes from a pack. */
const findPackFailure = (lines: readonly string[]): string | undefined => {
	const end = lines.findIndex((line, index) => index > 0 && !/^(?:\s|Traceback)/.test(line));
	const isPack = lines.slice(0, end).some(line => /\bin (?:_pack_impl|pack)\b/.test(line));
	return isPack ? lines[end]?.slice(0, 300) : undefined;
};
