/** What has to happen in a folder so that `NAME.1` is free, in this order: removals, then renames. */
export type RotationPlan = {
	readonly removals: readonly string[];
	readonly renames: readonly {readonly from: string; readonly to: string}[];
	/** The name that is free afterwards: `NAME.1`. */
	readonly target: string;
};

/**
 * Plans the shift `NAME.1` → `NAME.2` … for a new `NAME.1` of which `oldFiles` are kept (at least 1). Only what
 * stands in the way moves: the shift ends at the first gap, so a shift that was interrupted halfway is completed
 * by planning again. A compressed file (`NAME.3.gz`) keeps its suffix.
 */
export const planRotation = ({
	name,
	entries,
	oldFiles,
}: {
	readonly name: string;
	readonly entries: readonly string[];
	readonly oldFiles: number;
}): RotationPlan => {
	const numbered = entries.flatMap(entry => numberedOf(name, entry));
	const taken = new Set(numbered.map(({number}) => number));
	const gap = firstGap(taken);
	const kept = Math.max(1, oldFiles);
	const moves = ({number}: Numbered) => number < gap;
	const laterNumber = (file: Numbered) => file.number + (moves(file) ? 1 : 0);
	return {
		removals: numbered.filter(file => laterNumber(file) > kept).map(({entry}) => entry),
		renames: numbered
			.filter(file => moves(file) && laterNumber(file) <= kept)
			.sort((one, other) => other.number - one.number)
			.map(({entry, number, suffix}) => ({from: entry, to: `${name}.${number + 1}${suffix}`})),
		target: `${name}.1`,
	};
};

type Numbered = {readonly entry: string; readonly number: number; readonly suffix: string};

const numberedOf = (name: string, entry: string): readonly Numbered[] => {
	if (!entry.startsWith(`${name}.`)) return [];
	const match = /^([1-9]\d{0,5})(\.gz)?$/.exec(entry.slice(name.length + 1));
	return match ? [{entry, number: Number(match[1]), suffix: match[2] ?? ''}] : [];
};

const firstGap = (taken: ReadonlySet<number>): number => {
	let number = 1;
	while (taken.has(number)) number += 1;
	return number;
};
