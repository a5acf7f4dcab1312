import test from 'ava';
import {renderProgress} from '../../src/cli/pack-bar.js';
import {packExitCode} from '../../src/cli/pack-exit-code.js';
import {renderPack} from '../../src/cli/pack-text.js';
import {packTrends, renderTrends} from '../../src/cli/pack-trends.js';
import {freedBytes, type PackMeasure, type PackRecord} from '../../src/history/pack-record.js';

const measured = (size: number, old: number | null = null): PackMeasure => ({
	...{size, objects: size / 100, lastTransaction: null, blobs: null, old, freeDisk: null},
});
const record = (more: Partial<PackRecord> = {}): PackRecord => ({
	...{at: 86_400, event: 'pack', run: 'r', storage: 'main', address: 'x:1', outcome: 'packed'},
	...{reason: null, advice: null, began: 86_390, seconds: 10, packTime: null, warnings: []},
	before: measured(1000),
	after: measured(400, 1010),
	...more,
});

test('freed bytes are told by what was kept, else by the sizes', t => {
	t.is(freedBytes(record()), 610);
	t.is(freedBytes(record({after: measured(400)})), 600);
	t.is(freedBytes(record({outcome: 'nothing-to-drop'})), 0);
	t.is(freedBytes(record({outcome: 'failed'})), null);
	t.is(freedBytes(record({after: null})), null);
});

test('blobs that were dropped are freed bytes, too', t => {
	const [before, after] = [
		{...measured(1000), blobs: {files: 3, bytes: 5000}},
		{...measured(400), blobs: {files: 1, bytes: 2000}},
	];
	const packed = record({before, after});
	t.is(freedBytes(packed), 3600);
	t.regex(renderPack(packed), /3\.5 KB freed.*\n.*3 blobs of 4\.9 KB -> 1 blob of 2\.0 KB/);
});

test('a pack is told in two lines', t => {
	t.is(
		renderPack(record()),
		'main: packed, 610 bytes freed, 10 s\n  1000 bytes -> 400 bytes, 10 objects -> 4 objects, 1010 bytes kept in .old\n',
	);
});

test('what stands in a record cannot confuse a terminal', t => {
	const hostile = 'x\u001b[2J\nmain: packed';
	const text = renderPack(
		record({
			storage: hostile,
			outcome: 'failed',
			reason: hostile,
			advice: hostile,
			warnings: [hostile],
		}),
	);
	t.notRegex(text, /\u001b/);
	t.is(text.split('\n').length, 4);
	const trends = renderTrends(packTrends([record({storage: hostile, reason: hostile})], []));
	t.notRegex(trends, /\u001b/);
	t.is(trends.split('\n').length, 5);
});

test('the worst storage is the exit status', t => {
	const of = (...outcomes: PackRecord['outcome'][]) =>
		packExitCode(outcomes.map(outcome => ({outcome})));
	t.is(of('packed', 'nothing-to-drop'), 0);
	t.is(of('packed', 'skipped'), 6);
	t.is(of('skipped', 'unknown'), 7);
	t.is(of('unknown', 'failed', 'skipped'), 1);
	t.is(of(), 0);
});

test('the trend is that of the packed storage, by day', t => {
	const later = record({at: 3 * 86_400, after: measured(600)});
	const [trend] = packTrends([record(), record({outcome: 'failed', at: 86_500}), later], []);
	t.like(trend, {storage: 'main', growthPerDay: 100, lastGood: 3 * 86_400});
	t.is(trend?.packs.length, 3);
	t.deepEqual(packTrends([record()], ['other']), []);
	t.is(packTrends([record()], [])[0]?.growthPerDay, null);
});

test('progress is one line, never quite at its end', t => {
	const progress = {
		storage: 'main',
		copied: null,
		expected: 100,
		seconds: 5,
		secondsLeft: null,
		alarm: null,
	};
	t.is(
		renderProgress({...progress, step: 'finding what is in use'}),
		'main finding what is in use, 5 s',
	);
	t.is(
		renderProgress({...progress, step: 'copying', copied: 500}),
		'main [########################] 99 % copying 500 bytes, 5 s',
	);
	t.is(
		renderProgress({...progress, step: 'copying', copied: 50, secondsLeft: 15}),
		'main [######------------------] 25 % copying 50 bytes, about 15 s left',
	);
});
