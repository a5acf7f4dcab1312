import test from 'ava';
import type {HistoryRecord} from '../../src/history/history.js';
import {findOverdue, gatherFacts, type Report} from '../../src/report/facts.js';
import {listRuns} from '../../src/report/runs.js';
import {
	beginOf,
	crashAt,
	measure,
	packOf,
	runOf,
	thisMorning,
	week,
	weeklyRuns,
} from '../helpers/histories.js';

const mb = 1024 ** 2;
const surroundings = {
	instance: 'main',
	host: 'db1',
	now: thisMorning + 300,
	nextRun: null,
	alarmAfter: () => 15 * 86_400,
};
const factsOf = (history: readonly HistoryRecord[], run: string): Report => {
	const found = listRuns(history).find(each => each.run === run);
	if (found === undefined) throw new Error(`no run ${run}`);
	return gatherFacts(history, found, surroundings);
};

test('freed is what was dropped, of data and blobs', t => {
	const before = measure(2000, {blobs: {files: 3, bytes: 700}});
	const after = measure(800, {old: 2100, blobs: {files: 2, bytes: 500}});
	t.is(factsOf(runOf('a', {before, after}), 'a').freed, 1300 + 200);
	t.is(factsOf(runOf('a', {before, after: measure(800)}), 'a').freed, 1200 + 700);
});

for (const [what, more, freed] of [
	['nothing to drop', {outcome: 'nothing-to-drop'}, 0],
	['a failure', {outcome: 'failed', after: null}, null],
	['a server on another host', {before: null, after: null}, null],
] as const) {
	test(`of ${what} ${freed === null ? 'nothing is said' : `${freed} bytes are freed`}`, t => {
		t.is(factsOf(runOf('a', more), 'a').freed, freed);
	});
}

for (const [outcome, isBad] of [
	['packed', false],
	['nothing-to-drop', false],
	['skipped', true],
	['failed', true],
	['unknown', true],
] as const) {
	test(`a run that ends with ${outcome} is ${isBad ? 'bad' : 'good'}`, t => {
		t.like(factsOf(runOf('a', {outcome}), 'a'), {outcome, isBad});
	});
}

test('the worst storage gives a run its outcome', t => {
	const history = [
		beginOf('a', thisMorning, ['1', '2', '3']),
		packOf('a', {storage: '1'}),
		packOf('a', {storage: '2', outcome: 'skipped'}),
		packOf('a', {storage: '3', outcome: 'unknown'}),
	];
	const {outcome, storages} = factsOf(history, 'a');
	t.is(outcome, 'unknown');
	t.deepEqual(
		storages.map(each => each.outcome),
		['packed', 'skipped', 'unknown'],
	);
});

test('a storage without a record was broken off', t => {
	const {storages, seconds, outcome, isBad} = factsOf(
		[beginOf('a', thisMorning, ['1', '2']), packOf('a')],
		'a',
	);
	t.deepEqual(
		storages.map(each => each.outcome),
		['packed', 'interrupted'],
	);
	t.deepEqual([seconds, outcome, isBad], [null, 'interrupted', true]);
});

test('the trend is that of the last twelve packs of a storage, this one last', t => {
	const {storages} = factsOf(weeklyRuns(20), 'r20');
	const [storage] = storages;
	t.is(storage?.trend.length, 12);
	t.like(storage?.trend.at(-1), {at: thisMorning + 240, before: 2540 * mb, after: 1020 * mb});
	t.is(storage?.fullInDays, 48);
});

test('what came later is no part of a report', t => {
	const history = weeklyRuns(6);
	const [storage] = factsOf(history, 'r4').storages;
	t.is(storage?.trend.length, 4);
	t.is(storage?.lastGood, thisMorning + 240 - 2 * week);
});

test('restarts are those since the run before, with their causes', t => {
	const [first, second] = [runOf('a', {at: thisMorning - week}), runOf('b')];
	const history = [
		crashAt(thisMorning - 2 * week),
		...first,
		crashAt(thisMorning - 9000, {lastOutput: ['Segmentation fault']}),
		crashAt(thisMorning - 8000, {description: 'exit status 1'}),
		crashAt(thisMorning - 7000),
		crashAt(thisMorning - 6000, {expected: true}),
		{
			at: thisMorning - 5000,
			event: 'decision',
			decision: 'restart',
			subject: 'pid 9',
			description: 'no answer within 10 s',
			by: 'health',
		} as const,
		crashAt(thisMorning - 4999, {expected: true}),
		...second,
	];
	t.deepEqual(factsOf(history, 'b').unrest, {
		since: thisMorning - week + 1,
		asked: 1,
		causes: [
			{cause: 'terminated by SIGSEGV', count: 2, last: thisMorning - 7000},
			{cause: 'exit status 1', count: 1, last: thisMorning - 8000},
			{cause: 'it did not answer: no answer within 10 s', count: 1, last: thisMorning - 5000},
		],
		gaveUp: null,
		lastOutput: ['Segmentation fault'],
		lostFiles: [],
	});
});

const limit = 15 * 86_400;

test('a storage is overdue when its last good pack is too long ago', t => {
	const good = runOf('a', {at: thisMorning - 3 * week});
	const bad = runOf('b', {at: thisMorning, outcome: 'failed'});
	const history = [...good, ...bad];
	t.deepEqual(findOverdue(history, '1', {now: thisMorning, limit}), {
		since: thisMorning - 3 * week,
		isFloor: false,
	});
	t.is(findOverdue(history, '1', {now: thisMorning - week, limit}), null);
	t.true(factsOf(history, 'b').isBad);
});

test('a storage that was never packed is overdue when the history is long enough', t => {
	const history = [crashAt(thisMorning - 3 * week)];
	t.deepEqual(findOverdue(history, '1', {now: thisMorning, limit}), {
		since: thisMorning - 3 * week,
		isFloor: true,
	});
	t.is(findOverdue([], '1', {now: thisMorning, limit}), null);
});
