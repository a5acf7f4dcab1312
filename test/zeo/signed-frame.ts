import test from 'ava';
import {createFrameSigner, createSignedFrameReader} from '../../src/zeo/signed-frame.js';

const key = Buffer.alloc(60, 7);
const bodies = ['one', '', 'three'].map(text => Buffer.from(text));

const signAll = (): Buffer => {
	const sign = createFrameSigner(key);
	return Buffer.concat(bodies.map(sign));
};

test('signed frames are read however they are cut', t => {
	const stream = signAll();
	for (const size of [1, 7, 30, stream.length]) {
		const reader = createSignedFrameReader(key);
		const read: Buffer[] = [];
		for (let start = 0; start < stream.length; start += size)
			read.push(...reader.push(stream.subarray(start, start + size)).frames);
		t.deepEqual(read, bodies);
	}
});

test('a frame that was changed, left out or not signed is refused', t => {
	const changed = signAll();
	changed[26] = (changed[26] ?? 0) ^ 1;
	t.throws(() => createSignedFrameReader(key).push(changed), {message: /signature/});
	const left = signAll().subarray(24 + 3);
	t.throws(() => createSignedFrameReader(key).push(left), {message: /signature/});
	const unsigned = Buffer.from('00000001aa', 'hex');
	t.throws(() => createSignedFrameReader(key).push(unsigned), {message: /did not sign/});
});
