import {setTimeout as sleep} from 'node:timers/promises';

/** The first truthy value of `probe`, asked for every 20 ms; throws when there is none within `limitMs`. */
export const waitFor = async <Value>(
	what: string,
	probe: () => Value | Promise<Value>,
	limitMs = 90_000,
): Promise<NonNullable<Value>> => {
	const deadline = performance.now() + limitMs;
	for (;;) {
		const value = await probe();
		if (value) return value;
		if (performance.now() > deadline) {
			throw new Error(`cannot see ${what}: not within ${limitMs / 1000} seconds`);
		}
		await sleep(20);
	}
};
