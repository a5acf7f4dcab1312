import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {renderMarkerLine} from '../../src/transcript/marker.js';
import {checkLines} from '../helpers/line-check.js';
import {createFlood, lineAt, numberedLine, startOfLine} from '../helpers/numbered-lines.js';
import {checkNumberedLines, openFolder, startWriter, waitFor} from '../helpers/transcript.js';

// What the trials of the logs count on.

const lines = (first: number, end: number): string =>
	Array.from({length: end - first}, (_, index) => numberedLine(first + index)).join('');

const check = (
	t: ExecutionContext,
	contents: readonly string[],
	options: Parameters<typeof checkLines>[0] = {},
) => {
	const {folder} = openFolder(t);
	const checking = checkLines(options);
	for (const [index, content] of contents.entries()) {
		const file = path.join(folder, `file-${index}`);
		fs.writeFileSync(file, content);
		checking.file(file);
	}
	return checking.figures();
};

const marker = renderMarkerLine('out.log.1', new Date());
const word = '--- an earlier supervisor was killed: something is missing here ---\n';

test('a flood made in blocks is the same as one made line by line', t => {
	const whole = Buffer.from(lines(0, 20_000));
	const flood = createFlood();
	for (const number of [0, 1, 59, 60, 61, 5999, 6000, 6001, 12_345, 19_999, 7]) {
		const start = startOfLine(number);
		const found = flood.from(start);
		t.true(
			whole.subarray(start, start + found.length).equals(found.subarray(0, whole.length - start)),
		);
		t.is(lineAt(start), number);
		t.is(lineAt(startOfLine(number + 1) - 1), number);
	}
	t.is(startOfLine(20_000), whole.length);
	const far = flood.from(startOfLine(123_456_789)).toString('latin1');
	t.true(far.startsWith(numberedLine(123_456_789) + numberedLine(123_456_790)));
});

for (const piece of ['65536', '777', 'lines']) {
	test(`the program writes the flood in pieces of ${piece} and ends with a whole line`, async t => {
		const {log} = openFolder(t);
		const descriptor = fs.openSync(log, 'a');
		t.teardown(() => fs.closeSync(descriptor));
		const writer = startWriter(t, {descriptor, args: [piece, '0', '2000000']});
		await waitFor('output', () => fs.statSync(log).size > 2_000_000);
		await writer.stop();
		const checking = checkLines({});
		checking.file(log);
		t.deepEqual(checking.figures().faults, []);
		t.is(checking.figures().lines, Number(checkNumberedLines([log])));
	});
}

test('the program keeps to the rate that it is given', async t => {
	const {log} = openFolder(t);
	const descriptor = fs.openSync(log, 'a');
	t.teardown(() => fs.closeSync(descriptor));
	const began = performance.now();
	startWriter(t, {descriptor, args: ['1000', '0', '1e15', '1']});
	await waitFor('output', () => fs.statSync(log).size > 300_000);
	const {size} = fs.statSync(log);
	const ms = performance.now() - began;
	t.true(size <= 1000 * ms + 1000, `${size} bytes in ${ms} ms`);
});

test('whole lines in order, with markers between them, are no fault', t => {
	const files = [
		lines(0, 10_000),
		`   ${marker}${lines(10_000, 10_005)}`,
		marker,
		lines(10_005, 10_006),
	];
	t.like(check(t, files), {lines: 10_006, lost: 0, gaps: 0, faults: []});
});

for (const [fault, content] of [
	['a line that is missing', lines(0, 500) + lines(501, 9000)],
	['a line that is doubled', lines(0, 501) + lines(500, 9000)],
	[
		'two lines in the wrong order',
		lines(0, 500) + lines(501, 502) + lines(500, 501) + lines(502, 9000),
	],
	['a byte that is missing', lines(0, 9000).slice(0, 100_000) + lines(0, 9000).slice(100_001)],
	[
		'a byte that is different',
		`${lines(0, 9000).slice(0, 100_000)}y${lines(0, 9000).slice(100_001)}`,
	],
	['a zero byte', `${lines(0, 500)}\0${lines(500, 600)}`],
	['an empty line', `${lines(0, 500)}\n${lines(500, 600)}`],
	['a marker inside a line', `${lines(0, 500)}00000${marker}${lines(500, 600).slice(5)}`],
	['a file that ends inside a line', lines(0, 500).slice(0, -1)],
	['a gap with a word', `${lines(0, 500)}${word}${lines(600, 700)}`],
	['a file that begins too late', lines(1, 700)],
] as const) {
	test(`${fault} is a fault`, t => {
		t.true(check(t, [content]).faults.length > 0);
	});
}

test('a line may go on in the next file only where that is allowed', t => {
	const whole = lines(0, 700);
	const files = [whole.slice(0, 5000), whole.slice(5000)];
	t.true(check(t, files).faults.length > 0);
	t.like(check(t, files, {mayCutLines: true}), {lines: 700, faults: []});
	const lost = check(t, [whole.slice(0, 5000), whole.slice(5500)], {mayCutLines: true});
	t.is(lost.lost, lineAt(5500) - lineAt(5000) + 1);
});

test('where a reader may be killed, a gap beside a word is counted, with the parts of its first and last line', t => {
	const gapped = `${lines(0, 501).slice(0, -3)}\n${word}${lines(599, 700).slice(20)}`;
	t.like(check(t, [gapped], {mayHaveGaps: true}), {
		lines: 600,
		lost: 100,
		gaps: 1,
		largestGap: lines(500, 600).length,
		faults: [],
	});
});

for (const [fault, content] of [
	['a gap without a word', `${lines(0, 500)}${lines(600, 700)}`],
	['a doubled line beside a word', `${lines(0, 500)}${word}${lines(499, 700)}`],
	[
		'a part of another line',
		`${lines(0, 500)}${lines(3, 4).slice(0, 40)}\n${word}${lines(600, 700)}`,
	],
	['a part of a line that is there', `${lines(0, 501).slice(0, -9)}\n${word}${lines(500, 700)}`],
	['a part at the very end', `${lines(0, 500)}${word}xxx`],
] as const) {
	test(`where a reader may be killed, ${fault} is a fault all the same`, t => {
		t.true(check(t, [content], {mayHaveGaps: true}).faults.length > 0);
	});
}
