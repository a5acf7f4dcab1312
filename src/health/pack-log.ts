/** The packs that a server's log says are under way, by their own words. */
export type OpenPacks = ReadonlySet<string>;

export const noPacks: OpenPacks = new Set();

const started = /(\([^()]*\)\)? pack\(time=[^)]*\)) started\.\.\./;
const complete = /(\([^()]*\)\)? pack\(time=[^)]*\)) complete/;
/** A pack that fails is told without its name; a server that (re)starts packs nothing. */
const ends = /Error raised in delayed method|opening storage '|listening on /;

/**
 * What further lines of the log mean: `(label) pack(time=T) started...` and `(label) pack(time=T) complete`
 * (`ZEO/StorageServer.py`), whatever stands before them.
 */
export const readPackLines = (open: OpenPacks, lines: readonly string[]): OpenPacks => {
	const packs = new Set(open);
	for (const line of lines) {
		const begun = started.exec(line)?.[1];
		if (begun !== undefined) packs.add(begun);
		else if (ends.test(line)) packs.clear();
		else packs.delete(complete.exec(line)?.[1] ?? '');
	}
	return packs;
};
