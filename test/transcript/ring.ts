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

test('what was read into the room is queued where it lies, between what is copied', t => {
	const {fraction: random} = seededRandom(11);
	const ring = createRing(2_000_000);
	let written = 0;
	let read = 0;
	const byteAt = (offset: number) => (offset * 7 + (offset >> 8)) % 251;
	for (let round = 0; round < 300; round += 1) {
		const room = ring.room();
		t.true(room.length >= 65_536);
		const size = Math.floor(random() * Math.min(room.length, 30_000));
		// The beginning may be lost, and what was not pushed may be read over.
		const start = random() < 0.2 ? Math.floor(size / 2) : 0;
		if (random() < 0.3) {
			const own = Buffer.from([byteAt(written), byteAt(written + 1)]);
			t.true(ring.push(own));
			written += own.length;
		}
		room.fill(255);
		for (let at = start; at < size; at += 1) room[at] = byteAt(written + at - start);
		t.true(ring.push(room.subarray(start, size)));
		written += size - start;
		if (size > start) t.is(ring.peek(ring.length()).at(-1)?.buffer, room.buffer);
		while (ring.length() > 1_000_000 * random()) {
			const taken = Buffer.concat(ring.peek(40_000));
			if (!taken.every((byte, index) => byte === byteAt(read + index))) t.fail('other bytes');
			const count = Math.ceil(taken.length * random());
			ring.shift(count);
			read += count;
		}
		t.is(ring.length(), written - read);
	}
	t.true(read > 1_000_000);
});
