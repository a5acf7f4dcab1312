/** The name among the known ones that was probably meant: a few slips away, case and `_` not counted. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
	const folded = fold(name);
	// The longest key has 30 letters; a line of noise need not be compared.
	if (folded.length > 40) return undefined;
	const limit = Math.max(1, Math.floor(folded.length / 3));
	let best: {name: string; distance: number} | undefined;
	for (const candidate of known) {
		const distance = editDistance(folded, fold(candidate));
		if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
			best = {name: candidate, distance};
		}
	}
	return best?.name;
};

const fold = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
const editDistance = (from: string, to: string): number => {
	let before: number[] = [];
	let previous = Array.from({length: to.length + 1}, (_, index) => index);
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const isSame = from[row - 1] === to[column - 1];
			const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			current[column] = Math.min(
				at(previous, column) + 1,
				at(current, column - 1) + 1,
				at(previous, column - 1) + (isSame ? 0 : 1),
				isSwap && row > 1 && column > 1 ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
			);
		}
		before = previous;
		previous = current;
	}
	return at(previous, to.length);
};

const at = (row: readonly number[], column: number): number =>
	row[column] ?? Number.POSITIVE_INFINITY;
