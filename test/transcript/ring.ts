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
