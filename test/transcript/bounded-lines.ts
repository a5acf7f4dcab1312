import test from 'ava';
import {boundLines} from '../../src/transcript/bounded-lines.js';
import {createRing} from '../../src/transcript/ring.js';
import {createShaper} from '../../src/transcript/shape-lines.js';

const open = (capacity: number) => {
	const ring = createRing(capacity + 1000);
	const lines = boundLines({
		ring,
		capacity,
		shaper: createShaper({format: 'text', timestamps: false}),
		now: () => new Date(0),
		why: () => 'the disk is full',
	});
	const takeOut = () => {
		const text = Buffer.concat(ring.peek(1_000_000)).toString();
		ring.shift(text.length);
		lines.settle();
		return text;
	};
	return {...lines, take: (text: string) => lines.take(Buffer.from(text)), takeOut};
};

test('what fits passes', t => {
	const {take, takeOut, lost} = open(100);
	take('one\ntw');
	take('o\n');
	t.is(takeOut(), 'one\ntwo\n');
	t.is(lost(), 0);
});

test('beyond the room the open line is completed, the rest counted, and the count told', t => {
	const {take, takeOut, lost} = open(200);
	const long = 'x'.repeat(195);
	take(`${long}\nab`);
	take('c\nlost\nlost, t');
	take('oo\nlost\nalso lo');
	t.is(takeOut(), `${long}\nabc\n`);
	take('st\nkept\n');
	t.is(takeOut(), '--- 4 lines (27 bytes) of output were lost here: the disk is full ---\nkept\n');
	t.is(lost(), 4);
});

test('a line without an end is cut, and what is lost of it is one line', t => {
	const {take, takeOut, lost} = open(10);
	take('0123456789');
	take('x'.repeat(500));
	take('x'.repeat(500));
	t.is(takeOut(), '0123456789');
	t.is(takeOut(), '\n--- 1 lines (1000 bytes) of output were lost here: the disk is full ---\n');
	take('rest\nnext\n');
	t.is(takeOut(), 'next\n');
	t.is(lost(), 1);
});
