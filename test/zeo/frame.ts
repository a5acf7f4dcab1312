import test from 'ava';
import {createFrameReader, encodeFrame, maxFrameBytes} from '../../src/zeo/frame.js';

/** A small generator of repeatable random numbers below `limit`. */
const createRandom = (seed: number) => {
	let state = seed;
	return (limit: number) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return (state >>> 8) % limit;
	};
};

test('a frame is its length in four bytes, then the body', t => {
	t.is(encodeFrame('ruok').toString('hex'), '0000000472756f6b');
	t.is(encodeFrame('').toString('hex'), '00000000');
	t.is(encodeFrame(new Uint8Array([1, 2])).toString('hex'), '000000020102');
});

test('frames come back whole however the stream was cut', t => {
	const random = createRandom(7);
	for (let round = 0; round < 200; round++) {
		const bodies = Array.from({length: random(6)}, () =>
			Buffer.from(Array.from({length: random(40)}, () => random(256))),
		);
		const stream = Buffer.concat(bodies.map(encodeFrame));
		const reader = createFrameReader();
		const read: Buffer[] = [];
		for (let start = 0; start < stream.length; ) {
			const end = start + 1 + random(9);
			const {frames, oversized} = reader.push(stream.subarray(start, end));
			t.is(oversized, undefined);
			read.push(...frames);
			start = end;
		}

		t.deepEqual(read, bodies);
	}
});

test('many frames in one chunk are read in time that grows with their number only', t => {
	const {frames} = createFrameReader().push(Buffer.alloc(4 * 200_000));
	t.is(frames.length, 200_000);
});

test('an incomplete frame is kept back', t => {
	const reader = createFrameReader();
	t.deepEqual(reader.push(Buffer.from([0, 0])).frames, []);
	t.deepEqual(reader.push(Buffer.from([0, 2, 0x5a])).frames, []);
	t.deepEqual(reader.push(Buffer.from([0x35])).frames, [Buffer.from('Z5')]);
});

test('a frame at the limit is read and one above it is refused', t => {
	const body = Buffer.alloc(64);
	t.deepEqual(createFrameReader(64).push(encodeFrame(body)), {
		frames: [body],
		oversized: undefined,
	});
	t.deepEqual(createFrameReader(63).push(encodeFrame(body)), {frames: [], oversized: 64});
});

test('frames before a refused one are given, nothing after it is', t => {
	const reader = createFrameReader();
	const huge = Buffer.from([0xff, 0xff, 0xff, 0xff]);
	const {frames, oversized} = reader.push(Buffer.concat([encodeFrame('Z5'), huge]));
	t.deepEqual(frames, [Buffer.from('Z5')]);
	t.is(oversized, 0xff_ff_ff_ff);
	t.true(maxFrameBytes < 0xff_ff_ff_ff);
	t.deepEqual(reader.push(encodeFrame('late')).frames, []);
});

test('random bytes never throw', t => {
	const random = createRandom(11);
	for (let round = 0; round < 500; round++) {
		const reader = createFrameReader(1000);
		for (let chunk = 0; chunk < 10; chunk++) {
			t.notThrows(() => reader.push(Buffer.from(Array.from({length: 20}, () => random(256)))));
		}
	}
});
