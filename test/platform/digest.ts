import test from 'ava';
import {digestOf} from '../../src/platform/digest.js';

const digest = (text: string): string => digestOf(Buffer.from(text));

test('the same content has the same digest, and it tells the length', t => {
	t.is(digest('stop-timeout 10\n'), digest('stop-timeout 10\n'));
	t.is(digest('abc'), '3-1a47e90ba33a6c45');
	t.is(digest(''), '0-811c9dc501000193');
});

test('one other character, or two that change places, make another digest', t => {
	const digests = Array.from({length: 5000}, (_, index) =>
		digest(`stop-timeout ${index + 10_000}`),
	);
	t.is(new Set(digests).size, digests.length);
	t.not(digest('ab'), digest('ba'));
	t.not(digest(''), digest('\0'));
});
