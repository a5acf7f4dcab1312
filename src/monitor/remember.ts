/**
 * Makes a question that is put at most once in `ms`: who asks meanwhile gets the last answer, or waits for the one
 * that is under way. A failure is not remembered.
 */
export const rememberFor = <Value>(
	ms: number,
	monotonicMs: () => number,
	ask: () => Promise<Value>,
): (() => Promise<Value>) => {
	let last: {readonly value: Promise<Value>; endsAt: number} | undefined;
	return () => {
		if (last !== undefined && monotonicMs() < last.endsAt) return last.value;
		const asked = {value: ask(), endsAt: Number.POSITIVE_INFINITY};
		last = asked;
		const settle = (endsAt: number) => (): void => {
			asked.endsAt = endsAt;
		};
		asked.value.then(() => settle(monotonicMs() + ms)(), settle(Number.NEGATIVE_INFINITY));
		return asked.value;
	};
};
