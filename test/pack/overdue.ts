import test from 'ava';
import type {HistoryRecord} from '../../src/history/history.js';
import {noteOverdue, overduePacks} from '../../src/pack/overdue.js';
import {runOf, thisMorning, week} from '../helpers/histories.js';
import {packSettings} from '../helpers/scheduled-packs.js';

const planned = [{name: '1', pack: packSettings({alarmAfter: 15 * 86_400})}];
const start: HistoryRecord = {at: thisMorning - 5 * week, event: 'start', pid: 7, supervisor: 6};

test('a storage is overdue when its last good pack is too long ago', t => {
	const history = [start, ...runOf('a', {at: thisMorning - 3 * week})];
	t.deepEqual(overduePacks(history, planned, thisMorning), [
		{storage: '1', since: thisMorning - 3 * week, isFloor: false},
	]);
	const good = [...history, ...runOf('b', {at: thisMorning - week, outcome: 'nothing-to-drop'})];
	t.deepEqual(overduePacks(good, planned, thisMorning), []);
	const bad = [...history, ...runOf('b', {at: thisMorning - week, outcome: 'failed'})];
	t.is(overduePacks(bad, planned, thisMorning).length, 1);
});

test('without any pack the history counts from its beginning', t => {
	t.like(overduePacks([start], planned, thisMorning), [{isFloor: true, since: start.at}]);
	t.deepEqual(overduePacks([], planned, thisMorning), []);
});

test('the alarm is told once until there is another good pack', t => {
	const history: HistoryRecord[] = [start];
	for (let day = 0; day < 30; day++)
		history.push(...noteOverdue(history, planned, thisMorning + day * 86_400));
	t.is(history.length, 2);
	t.like(history[1], {event: 'alarm', alarm: 'pack-overdue'});
	history.push(...runOf('a', {at: thisMorning + 31 * 86_400}));
	t.deepEqual(noteOverdue(history, planned, thisMorning + 40 * 86_400), []);
	t.is(noteOverdue(history, planned, thisMorning + 50 * 86_400).length, 1);
});
