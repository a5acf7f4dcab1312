import {splitWords} from '../../src/zconfig/python-text.js';

/** The first place where two dumps of a configuration differ, as text; undefined when they agree. */
export const firstDifference = (
	reference: unknown,
	ours: unknown,
	path = 'top',
): string | undefined => {
	if (isNumber(reference) && isNumber(ours)) {
		const agree = Object.is(pythonNumber(reference.number), pythonNumber(ours.number));
		return agree ? undefined : `${path}: ${reference.number} or ${ours.number}`;
	}
	if (/\.(?:program|start-test-program)$/.test(path)) {
		// Quoting is an addition of ours: without the quotes both must see the same letters.
		return withoutQuotes(reference) === withoutQuotes(ours)
			? undefined
			: unequal(path, reference, ours);
	}
	// The reference keeps an URL in parts.
	if (path.endsWith('.url')) return undefined;
	if (Array.isArray(reference) && Array.isArray(ours)) {
		if (reference.length !== ours.length) return unequal(path, reference, ours);
		for (const [index, item] of reference.entries()) {
			const difference = firstDifference(item, ours[index], `${path}[${index}]`);
			if (difference) return difference;
		}
		return undefined;
	}
	if (isRecord(reference) && isRecord(ours)) {
		const keys = new Set([...Object.keys(reference), ...Object.keys(ours)]);
		for (const key of keys) {
			// A log section is known by its values alone, once the reference has converted it.
			if (key !== 'values' && !('type' in reference) && 'values' in reference) {
				if (!(key in reference)) continue;
			}
			const inner = key === 'values' ? path : `${path}.${key}`;
			const difference = firstDifference(reference[key], ours[key], inner);
			if (difference) return difference;
		}
		return undefined;
	}
	return reference === ours ? undefined : unequal(path, reference, ours);
};

const unequal = (path: string, reference: unknown, ours: unknown): string =>
	`${path}: ${JSON.stringify(reference)} or ${JSON.stringify(ours)}`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumber = (value: unknown): value is {number: string} =>
	isRecord(value) && typeof value['number'] === 'string';

const pythonNumber = (text: string): number =>
	Number(text.replace('inf', 'Infinity').replace('Infinityinity', 'Infinity'));

const withoutQuotes = (words: unknown): string =>
	Array.isArray(words)
		? splitWords(words.join(' ').replace(/['"]/g, '')).join(' ')
		: JSON.stringify(words);
