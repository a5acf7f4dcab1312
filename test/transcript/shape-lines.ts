import test from 'ava';
import {createShaper} from '../../src/transcript/shape-lines.js';

const at = new Date(2026, 10, 23, 12, 0, 0, 7);
const text = (buffers: readonly Buffer[]) => Buffer.concat(buffers).toString();

test('plain text passes as it is', t => {
	const shaper = createShaper({format: 'text', timestamps: false});
	const junk = Buffer.from([0, 255, 10, 200]);
	t.deepEqual(shaper.shape(junk, at), junk);
	t.is(text([shaper.remark('said', at)]), '\n--- said ---\n');
	t.is(text([shaper.remark('again', at)]), '--- again ---\n');
});

test('each line gets its time, once, wherever the pieces end', t => {
	const shaper = createShaper({format: 'text', timestamps: true});
	const output = text(
		['a\n', 'b', 'c\nd\n', '\n'].map(piece => shaper.shape(Buffer.from(piece), at)),
	);
	const lines = output.split('\n');
	t.is(lines.length, 5);
	t.deepEqual(
		lines.slice(0, 4).map(line => line.slice(30)),
		['a', 'bc', 'd', ''],
	);
	t.regex(lines[0] ?? '', /^2026-11-23T12:00:00\.007[+-]\d\d:\d\d a$/);
});

test('each line becomes an object, also a long one and one of junk', t => {
	const shaper = createShaper({format: 'json', timestamps: false});
	const long = 'ü'.repeat(50_000);
	const output = text([
		shaper.shape(Buffer.from('one\ntw'), at),
		shaper.shape(Buffer.from('o\n'), at),
		shaper.shape(Buffer.from(`${long}\n`), at),
		shaper.shape(Buffer.from([0xff, 0x07, 0x0a]), at),
		shaper.shape(Buffer.from('open'), at),
		shaper.remark('said', at),
	]);
	const records = output
		.trimEnd()
		.split('\n')
		.map((line): Record<string, unknown> => JSON.parse(line));
	t.deepEqual(
		records.map(({message, zeoctl, continues}) => [String(message ?? zeoctl).length, continues]),
		[
			[3, undefined],
			[3, undefined],
			[32_768, true],
			[17_232, undefined],
			[2, undefined],
			[4, undefined],
			[4, undefined],
		],
	);
	t.is(`${records[2]?.['message']}${records[3]?.['message']}`, long);
});
