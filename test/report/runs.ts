import test from 'ava';
import {listRuns, unreportedRuns} from '../../src/report/runs.js';
import {beginOf, packOf, runOf, thisMorning, week, weeklyRuns} from '../helpers/histories.js';

const dead = {isAlive: () => false, now: thisMorning + 300};
const alive = {isAlive: () => true, now: thisMorning + 300};
const names = (runs: readonly {readonly run: string}[]) => runs.map(({run}) => run);
const reported = (run: string) =>
	({at: thisMorning, event: 'report', about: 'pack', run, message: null}) as const;

test('records of a run belong together, also when runs mix', t => {
	const runs = listRuns([beginOf('a'), beginOf('b'), packOf('b'), packOf('a')]);
	t.deepEqual(names(runs), ['a', 'b']);
	t.deepEqual(
		runs.map(({packs}) => packs.length),
		[1, 1],
	);
});

test('a run whose beginning is no longer in the history is known by its packs', t => {
	const [run] = listRuns(runOf('a').slice(1));
	t.like(run, {run: 'a', began: thisMorning, ended: thisMorning + 241, begin: null});
});

test('a run that is over is reported once', t => {
	t.deepEqual(names(unreportedRuns(runOf('a'), alive)), ['a']);
	t.deepEqual(unreportedRuns([...runOf('a'), reported('a')], alive), []);
});

test('a run that goes on is not reported, one whose process is gone is', t => {
	const history = [beginOf('a'), packOf('a')];
	t.deepEqual(unreportedRuns(history, alive), []);
	t.deepEqual(names(unreportedRuns(history, dead)), ['a']);
});

test('runs of long ago are not reported when mail has just been configured', t => {
	t.deepEqual(names(unreportedRuns(weeklyRuns(12), dead)), ['r8', 'r9', 'r10', 'r11', 'r12']);
});

test('a run that a clock set back has put into the future is reported', t => {
	t.deepEqual(names(unreportedRuns(runOf('a', {at: thisMorning + 50 * week}), dead)), ['a']);
});
