/** The lines of two texts: those of both, those that go and those that come, as a unified diff shows them. */
export const renderLineDiff = (name: string, before: string, after: string): string => {
	const old = before.split('\n');
	const fresh = after.split('\n');
	const common = commonLengths(old, fresh);
	const shown: string[] = [];
	let left = 0;
	let right = 0;
	while (left < old.length || right < fresh.length) {
		if (left < old.length && right < fresh.length && old[left] === fresh[right]) {
			shown.push(` ${old[left]}`);
			left++;
			right++;
		} else if (
			right >= fresh.length ||
			(left < old.length && lengthAt(common, left + 1, right) >= lengthAt(common, left, right + 1))
		) {
			shown.push(`-${old[left++]}`);
		} else {
			shown.push(`+${fresh[right++]}`);
		}
	}
	return [`--- ${name}`, `+++ ${name} (new)`, ...nearChanges(shown)]
		.map(line => `${line}\n`)
		.join('');
};

/** How many lines the ends of both texts have in common, by where these ends begin. */
const commonLengths = (old: readonly string[], fresh: readonly string[]): readonly number[][] => {
	const lengths = Array.from({length: old.length + 1}, () =>
		Array<number>(fresh.length + 1).fill(0),
	);
	for (let left = old.length - 1; left >= 0; left--) {
		const row = lengths[left] ?? [];
		for (let right = fresh.length - 1; right >= 0; right--) {
			row[right] =
				old[left] === fresh[right]
					? lengthAt(lengths, left + 1, right + 1) + 1
					: Math.max(lengthAt(lengths, left + 1, right), lengthAt(lengths, left, right + 1));
		}
	}
	return lengths;
};

const lengthAt = (lengths: readonly number[][], left: number, right: number): number =>
	lengths[left]?.[right] ?? 0;

const context = 3;

/** Changed lines with what stands around them; `@@` for what is left out. */
const nearChanges = (lines: readonly string[]): readonly string[] => {
	const isNear = (index: number): boolean =>
		lines
			.slice(Math.max(0, index - context), index + context + 1)
			.some(line => !line.startsWith(' '));
	return lines.flatMap((line, index) => {
		if (!isNear(index)) return [];
		return index > 0 && !isNear(index - 1) ? ['@@', line] : [line];
	});
};
