import test from 'ava';
import type {PackMeasure, PackRecord} from '../../src/history/pack-record.js';
import {seeProgress} from '../../src/pack/progress.js';
import type {FileGlance} from '../../src/storage/kind.js';

const file = (inode: string, size: number, modifiedMs = 0): FileGlance => ({
	size,
	inode,
	modifiedMs,
});
const before = {data: file('1', 1000), old: undefined, pack: undefined};
const measured = (size: number): PackMeasure => ({
	...{size, objects: 1, lastTransaction: null, blobs: null, old: null, freeDisk: null},
});
const last: PackRecord = {
	...{
		at: 0,
		event: 'pack',
		run: 'r',
		storage: 'main',
		address: 'x',
		outcome: 'packed',
		reason: null,
	},
	...{advice: null, began: 0, seconds: 100, packTime: 0, warnings: []},
	before: measured(500),
	after: measured(400),
};

test('nothing grows while the server finds what is in use', t => {
	t.deepEqual(seeProgress({before, now: before, seconds: 3, last: undefined}), {
		step: 'finding what is in use',
		copied: null,
		expected: 1000,
		seconds: 3,
		secondsLeft: null,
	});
});

test('the growing copy is measured against what the last pack left', t => {
	const now = {...before, pack: file('2', 100, 5)};
	t.like(seeProgress({before, now, seconds: 3, last}), {
		step: 'copying',
		copied: 100,
		expected: 400,
	});
});

test('the time is told from the last pack, in proportion', t => {
	t.is(seeProgress({before, now: before, seconds: 50, last}).secondsLeft, 150);
	t.is(seeProgress({before, now: before, seconds: 500, last}).secondsLeft, 0);
});

test('a copy that was there before is a leftover until it is written to', t => {
	const leftover = {...before, pack: file('2', 900, 1)};
	t.like(seeProgress({before: leftover, now: leftover, seconds: 1, last}), {copied: null});
	const now = {...before, pack: file('2', 10, 2)};
	t.like(seeProgress({before: leftover, now, seconds: 1, last}), {step: 'copying', copied: 10});
});

test('a replaced data file is nearly over', t => {
	const now = {data: file('2', 400), old: file('1', 1000), pack: undefined};
	t.is(seeProgress({before, now, seconds: 1, last}).step, 'finishing');
});

test('of a server elsewhere only the time passes', t => {
	t.deepEqual(seeProgress({before: undefined, now: undefined, seconds: 9, last}), {
		step: 'finding what is in use',
		copied: null,
		expected: null,
		seconds: 9,
		secondsLeft: null,
	});
});
