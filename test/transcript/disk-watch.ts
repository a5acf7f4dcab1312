import test, {type ExecutionContext} from 'ava';
import {
	createDiskWatch,
	type DiskVerdict,
	judgeTrial,
	type Trial,
} from '../../src/transcript/disk-watch.js';
import {fakeClock, settle} from '../helpers/fake-clock.js';

/** A disk that answers when it is told to. */
const open = (t: ExecutionContext) => {
	const clock = fakeClock();
	const verdicts: DiskVerdict[] = [];
	const trials: ((trial: Trial) => void)[] = [];
	const watch = createDiskWatch({
		tryDisk: () => new Promise(resolve => trials.push(resolve)),
		onVerdict: verdict => verdicts.push(verdict),
		after: clock.after,
		monotonicMs: clock.now,
	});
	return {
		watch,
		verdicts,
		clock,
		trials,
		async answer(trial: Trial = {trial: 'written'}) {
			const resolve = trials.at(-1);
			t.truthy(resolve);
			resolve?.(trial);
			await settle();
		},
	};
};

const full: Trial = {trial: 'refused', what: 'write', failure: 'the disk is full'};
const failing: DiskVerdict = {disk: 'failing', what: 'write', failure: 'the disk is full'};

test('a disk that is well is tried twice a minute at most, and not at all while nobody suspects it', async t => {
	const {watch, trials, clock, answer, verdicts} = open(t);
	watch.suspect();
	await answer();
	for (let second = 0; second < 20; second++) {
		watch.suspect();
		await clock.advance(1000);
	}
	t.is(trials.length, 1);
	await clock.advance(10_000);
	t.is(trials.length, 2, 'the last suspicion is looked into');
	await answer();
	await clock.advance(3_600_000);
	t.is(trials.length, 2);
	t.is(clock.waiting(), 0);
	t.deepEqual(verdicts, []);
});

test('a periodic look tries now or not at all', async t => {
	const {watch, trials, clock, answer} = open(t);
	watch.glance();
	await answer();
	await clock.advance(20_000);
	watch.glance();
	t.is(trials.length, 1);
	t.is(clock.waiting(), 0);
	await clock.advance(10_000);
	watch.glance();
	t.is(trials.length, 2);
});

test('a disk that refuses is told once, and tried at each suspicion until it does not', async t => {
	const {watch, answer, verdicts} = open(t);
	watch.suspect();
	await answer(full);
	watch.suspect();
	await answer(full);
	t.deepEqual(verdicts, [failing]);
	watch.suspect();
	await answer();
	t.deepEqual(verdicts, [failing, {disk: 'well'}]);
});

test('a disk that hangs is told after ten seconds, and there is one trial only, however long it takes', async t => {
	const {watch, trials, clock, answer, verdicts} = open(t);
	watch.suspect();
	await clock.advance(9999);
	t.deepEqual(verdicts, []);
	await clock.advance(1);
	t.deepEqual(verdicts, [{disk: 'hanging'}]);
	for (let hour = 0; hour < 10; hour++) {
		watch.suspect();
		watch.glance();
		const asked = watch.ask();
		await clock.advance(3_600_000);
		await asked;
	}
	t.is(trials.length, 1);
	t.is(clock.waiting(), 0);
	await answer();
	t.deepEqual(verdicts.at(-1), {disk: 'slow', tookMs: 36_010_000});
});

test('a disk that was slow is tried again until it is not', async t => {
	const {watch, trials, clock, answer, verdicts} = open(t);
	watch.suspect();
	await clock.advance(12_000);
	await answer();
	t.deepEqual(verdicts.at(-1), {disk: 'slow', tookMs: 12_000});
	await clock.advance(5000);
	t.is(trials.length, 2);
	await answer();
	t.deepEqual(verdicts.at(-1), {disk: 'well'});
	await clock.advance(3_600_000);
	t.is(trials.length, 2);
});

test('a question is answered by a trial, by one that has just been, or after two seconds', async t => {
	const {watch, trials, clock, answer} = open(t);
	const first = watch.ask();
	await answer();
	await first;
	await watch.ask();
	t.is(trials.length, 1);
	await clock.advance(1000);
	const late = watch.ask();
	t.is(trials.length, 2);
	await clock.advance(2000);
	await late;
	t.is(trials.length, 2);
});

test('at rest nothing is tried unasked', async t => {
	const {watch, trials, clock, answer} = open(t);
	watch.suspect();
	await answer();
	watch.suspect();
	watch.rest();
	t.is(clock.waiting(), 0);
	watch.glance();
	await clock.advance(40_000);
	watch.suspect();
	watch.rest();
	await clock.advance(20_000);
	await answer();
	await clock.advance(3_600_000);
	t.is(trials.length, 2);
});

test('a trial that cannot be made says nothing about the disk', t => {
	const untried: Trial = {trial: 'untried'};
	t.deepEqual(judgeTrial(untried, 5, {disk: 'well'}), {disk: 'well'});
	t.deepEqual(judgeTrial(untried, 5, failing), failing);
	t.deepEqual(judgeTrial(untried, 20_000, {disk: 'hanging'}), {disk: 'well'});
});
