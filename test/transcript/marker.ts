import test from 'ava';
import {
	endOfLine,
	findMarkers,
	planCut,
	planFill,
	readHead,
	renderHead,
	renderMarkerLine,
	withoutMarkers,
} from '../../src/transcript/marker.js';

const at = new Date(2026, 10, 23, 1, 2, 3);
const line = renderMarkerLine('out.log.1', at);

test('the marker names the other file and the local time', t => {
	t.is(line, '--- continues out.log.1, 2026-11-23T01:02:03 ---\n');
});

test('a strange file name cannot break the marker line', t => {
	t.is(renderMarkerLine('a\nb', at), '--- continues a?b, 2026-11-23T01:02:03 ---\n');
});

test('the marker begins a block', t => {
	t.is(planFill(14, 4096), 4082);
	t.is(planFill(4096, 4096), 0);
	t.is(planFill(4097, 4096), 4095);
});

test('the cut is at a block and keeps the marker', t => {
	const mark = {start: 5000, line: 8300, end: 8300 + line.length};
	t.deepEqual(planCut(mark, mark.end, 4096), {mark, cut: 8192, end: mark.end});
});

test('the new head is spaces and the marker line', t => {
	const mark = {start: 8000, line: 8192, end: 8192 + line.length};
	t.is(renderHead(planCut(mark, mark.end, 4096), line).toString(), line);
	const longer = renderHead(planCut(mark, mark.end + 7, 4096), line).toString();
	t.is(longer, `       ${line}`);
});

test('the head of a cut file is recognised', t => {
	t.deepEqual(readHead(Buffer.from(`   ${line}more\n`)), {
		length: 3 + line.length,
		rotatedName: 'out.log.1',
		at: '2026-11-23T01:02:03',
	});
	t.is(readHead(Buffer.from(`x${line}`)), undefined);
	t.is(readHead(Buffer.from('')), undefined);
});

test('a name beyond ASCII is recognised', t => {
	const head = Buffer.from(renderMarkerLine('größe.log.1', at));
	t.deepEqual(readHead(head), {
		length: head.length,
		rotatedName: 'größe.log.1',
		at: '2026-11-23T01:02:03',
	});
});

test('output without its markers is what the program wrote', t => {
	const content = Buffer.from(`${line}one\ntw    ${line}o\n\xff\n`, 'latin1');
	t.is(findMarkers(content).length, 2);
	t.is(withoutMarkers(content).toString('latin1'), 'one\ntwo\n\xff\n');
	const plain = Buffer.from('--- continues nothing ---\n');
	t.is(withoutMarkers(plain), plain);
});

test('the end of a line is the offset after it', t => {
	t.is(endOfLine(Buffer.from('ab\nc'), 0), 3);
	t.is(endOfLine(Buffer.from('ab\nc'), 3), undefined);
});
