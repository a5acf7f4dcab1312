/** Repeatable choices for tests that try many cases; the same seed gives the same cases. */
export const seededRandom = (seed: number) => {
	let state = seed >>> 0;
	const fraction = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (limit: number): number => Math.floor(fraction() * limit);
	const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
		items[below(items.length)] ?? items[0];
	return {fraction, below, pick};
};

export type SeededRandom = ReturnType<typeof seededRandom>;
