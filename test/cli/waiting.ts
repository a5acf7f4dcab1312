import test from 'ava';
import {type Outcome, type WaitOptions, waitFor} from '../../src/cli/waiting.js';
import type {Status} from '../../src/control/messages.js';
import {fakeClock, settle} from '../helpers/fake-clock.js';
import {feed, runningStatus} from '../helpers/statuses.js';

const begin = (options: Partial<WaitOptions> = {}) => {
	const clock = fakeClock();
	const statuses = feed<Status>();
	const seen: {beats: number[]; outcome?: Outcome; error?: unknown} = {beats: []};
	let interrupt = () => {};
	let listening = false;
	const startedAt = clock.now();
	waitFor({
		statuses,
		until: ({pid}) => pid === null,
		beat: () => seen.beats.push(clock.now() - startedAt),
		clock,
		onInterrupt(listener) {
			interrupt = listener;
			listening = true;
			return () => {
				listening = false;
			};
		},
		...options,
	}).then(
		outcome => {
			seen.outcome = outcome;
		},
		error => {
			seen.error = error;
		},
	);
	return {clock, statuses, seen, interrupt: () => interrupt(), isListening: () => listening};
};

test('the wait ends with the very status that meets the condition', async t => {
	const {statuses, seen, clock, isListening} = begin();
	const met = runningStatus({pid: null, state: 'backoff'});
	statuses.push(runningStatus());
	statuses.push(met);
	await settle();
	t.deepEqual(seen.outcome, {outcome: 'met', last: met});
	t.deepEqual(seen.beats, []);
	t.is(clock.waiting(), 0);
	t.false(isListening());
});

test('a wait shows a sign after a moment, then once a second', async t => {
	const {clock, seen} = begin();
	await clock.advance(3500);
	t.deepEqual(seen.beats, [100, 1100, 2100, 3100]);
});

test('a sign that cannot be shown ends the signs, not the wait', async t => {
	let beats = 0;
	const {clock, statuses, seen} = begin({
		beat() {
			beats += 1;
			throw new Error('no space left on device');
		},
	});
	await clock.advance(3500);
	t.is(beats, 1);
	statuses.push(runningStatus({pid: null}));
	await settle();
	t.is(seen.outcome?.outcome, 'met');
});

test('the supervisor may leave', async t => {
	const {statuses, seen} = begin();
	const last = runningStatus();
	statuses.push(last);
	statuses.end();
	await settle();
	t.deepEqual(seen.outcome, {outcome: 'left', last});
});

test('the supervisor may leave before it said anything', async t => {
	const {statuses, seen} = begin();
	statuses.end();
	await settle();
	t.deepEqual(seen.outcome, {outcome: 'left', last: undefined});
});

test('a limit runs from the beginning', async t => {
	const {clock, seen} = begin({limits: [{ms: 3000}]});
	await clock.advance(2999);
	t.is(seen.outcome, undefined);
	await clock.advance(1);
	t.deepEqual(seen.outcome, {outcome: 'too-long', last: undefined});
	t.is(seen.beats.length, 3);
	t.is(clock.waiting(), 0);
});

test('a limit may run from a status on, once', async t => {
	const {clock, statuses, seen} = begin({
		until: () => false,
		limits: [{ms: 1000, from: ({pid}) => pid === null}],
	});
	statuses.push(runningStatus());
	await clock.advance(5000);
	t.is(seen.outcome, undefined);
	const down = runningStatus({pid: null});
	statuses.push(down);
	await clock.advance(600);
	statuses.push(down);
	await clock.advance(399);
	t.is(seen.outcome, undefined);
	await clock.advance(1);
	t.deepEqual(seen.outcome, {outcome: 'too-long', last: down});
});

test('Ctrl-C ends the wait with what is known', async t => {
	const {statuses, seen, interrupt} = begin();
	const last = runningStatus();
	statuses.push(last);
	await settle();
	interrupt();
	await settle();
	t.deepEqual(seen.outcome, {outcome: 'interrupted', last});
});

test('what happens after the end is ignored', async t => {
	const {statuses, seen, interrupt, clock} = begin();
	statuses.push(runningStatus());
	await settle();
	interrupt();
	statuses.push(runningStatus({pid: null}));
	statuses.end();
	await clock.advance(5000);
	t.is(seen.outcome?.outcome, 'interrupted');
	t.deepEqual(seen.beats, []);
});

test('an error of the stream is an error of the wait', async t => {
	const {statuses, seen, clock} = begin();
	statuses.fail(new Error('hung'));
	await settle();
	t.like(seen.error, {message: 'hung'});
	t.is(clock.waiting(), 0);
});
