import test from 'ava';
import {createRing} from '../../src/transcript/ring.js';
import {seededRandom} from '../helpers/seeded-random.js';

test('what goes in comes out, in order, and never more than there is room for', t => {
	const {fraction: random} = seededRandom(7);
	const ring = createRing(500_000);
	let written = 0;
	let read = 0;
	const byteAt = (offset: number) => (offset * 7 + (offset >> 8)) % 251;
	for (let round = 0; round < 120; round += 1) {
		const size = Math.floor(random() * 70_000);
		const bytes = Buffer.from(Array.from({length: size}, (_, index) => byteAt(written + index)));
		const hasRoom = size <= 500_000 - ring.length();
		t.is(ring.push(bytes), hasRoom);
		if (hasRoom) written += size;
		t.is(ring.length(), written - read);
		const taken = Buffer.concat(ring.peek(Math.floor(random() * 80_000)));
		if (!taken.every((byte, index) => byte === byteAt(read + index))) t.fail('other bytes');
		const count = Math.floor(taken.length * random());
		ring.shift(count);
		read += count;
	}
	t.true(read > 1_000_000);
});

test('what was read into reserved memory is not copied, and nobody else writes there', t => {
	const ring = createRing(1_000_000);
	const put = (memory: Buffer, text: string) => memory.subarray(0, memory.write(text));
	const first = ring.reserve();
	t.true(ring.push(put(first, 'one ')));
	t.is(ring.peek(100)[0]?.buffer, first.buffer);
	// A read may be under way while something else is said, and while the rest is written.
	const second = ring.reserve();
	ring.push(Buffer.from('aside '));
	ring.shift(4);
	t.true(ring.push(put(second, 'two ')));
	t.is(Buffer.concat(ring.peek(100)).toString(), 'aside two ');
	ring.shift(10);
	t.is(ring.length(), 0);
	ring.push(put(ring.reserve(), 'three'));
	t.is(Buffer.concat(ring.peek(100)).toString(), 'three');
});

test('reserved memory is read into and pushed in any sizes, with words in between', t => {
	const {fraction: random} = seededRandom(11);
	const ring = createRing(3_000_000);
	let expected = Buffer.alloc(0);
	let memory = ring.reserve();
	for (let round = 0; round < 2000; round += 1) {
		const bytes = memory.subarray(0, Math.ceil(memory.length * random() ** 4)).fill(round % 251);
		const given = Buffer.from(bytes);
		if (!ring.push(bytes)) t.fail('no room');
		expected = Buffer.concat([expected, given]);
		if (random() < 0.1) {
			const word = Buffer.from(`word ${round}`);
			ring.push(word);
			expected = Buffer.concat([expected, word]);
		}
		memory = ring.reserve();
		t.true(memory.length >= 65_536);
		// What a read that is under way writes there is nobody's.
		memory.fill(255);
		const taken = Buffer.concat(ring.peek(Math.floor(random() * 120_000)));
		if (!taken.equals(expected.subarray(0, taken.length))) t.fail('other bytes');
		const count = Math.floor(taken.length * (random() < 0.5 ? 1 : random()));
		ring.shift(count);
		expected = expected.subarray(count);
	}
	t.is(ring.length(), expected.length);
});
