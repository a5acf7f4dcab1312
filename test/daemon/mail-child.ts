import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {Status} from '../../src/control/messages.js';
import {hasWaitingMail, watchMail} from '../../src/daemon/mail-child.js';
import {fakeClock, settle} from '../helpers/fake-clock.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** A supervisor whose statuses a test announces, and the times at which somebody was sent to look. */
const scene = () => {
	const clock = fakeClock();
	const began = clock.now();
	const runs: number[] = [];
	let announce: (status: Status) => void = () => undefined;
	let waiting = false;
	let finish: () => void = () => undefined;
	let isSlow = false;
	const watch = watchMail({
		watch(listener) {
			announce = listener;
			return () => {
				announce = () => undefined;
			};
		},
		after: (ms, callback) => clock.after(ms, callback),
		monotonicMs: () => clock.now() - began,
		hasWaiting: () => waiting,
		run() {
			runs.push((clock.now() - began) / 1000);
			return isSlow
				? new Promise(resolve => {
						finish = resolve;
					})
				: Promise.resolve();
		},
	});
	return {
		...watch,
		clock,
		runs,
		announce: (status: Partial<Status>) => announce(runningStatus(status)),
		setWaiting: (now: boolean) => {
			waiting = now;
		},
		slowDown: () => {
			isSlow = true;
		},
		finish: async () => {
			finish();
			await settle();
		},
	};
};

const crash = (at: number): Partial<Status> => ({
	lastExit: {
		at,
		pid: 1,
		code: 1,
		signal: null,
		uptime: 5,
		expected: false,
		description: 'exit status 1',
	},
});

const minutes = (count: number): number => count * 60_000;

test('somebody looks a minute after the start, then once a day', async t => {
	const {clock, runs} = scene();
	await clock.advance(minutes(60 * 49));
	t.is(runs.length, 3);
	t.is(runs[0], 60);
	t.true((runs[1] ?? 0) >= 86_400 && (runs[1] ?? 0) < 87_500);
});

test('crashes are told ten seconds after the first, together', async t => {
	const {clock, runs, announce} = scene();
	await clock.advance(minutes(2));
	announce(crash(1));
	await clock.advance(4000);
	announce(crash(2));
	await clock.advance(minutes(4));
	t.deepEqual(runs, [60, 130]);
});

test('the same status again is no news, nor is an end that was asked for', async t => {
	const {clock, runs, announce} = scene();
	await clock.advance(minutes(2));
	announce(crash(1));
	await clock.advance(minutes(2));
	announce(crash(1));
	const {lastExit} = crash(2);
	if (lastExit) announce({lastExit: {...lastExit, expected: true}});
	await clock.advance(minutes(30));
	t.deepEqual(runs, [60, 130]);
});

test('while mail waits, somebody looks every five minutes', async t => {
	const {clock, runs, setWaiting} = scene();
	setWaiting(true);
	await clock.advance(minutes(11.5));
	t.deepEqual(runs, [60, 360, 660]);
});

test('never two at a time; news that come meanwhile are told afterwards', async t => {
	const {clock, runs, announce, slowDown, finish} = scene();
	slowDown();
	await clock.advance(minutes(1));
	announce(crash(1));
	await clock.advance(minutes(20));
	t.deepEqual(runs, [60]);
	await finish();
	await clock.advance(minutes(1));
	t.deepEqual(runs, [60, 1270]);
});

test('a supervisor that leaves with news hands them over, and one without does not', async t => {
	const first = scene();
	first.announce(crash(1));
	first.close();
	t.deepEqual(first.runs, [0]);
	await first.clock.advance(minutes(60));
	t.deepEqual(first.runs, [0]);
	const second = scene();
	second.announce({});
	second.close();
	t.deepEqual(second.runs, []);
});

test('an outbox with a message waits, one with a message that was given up does not', t => {
	const state = temporaryFolder(t);
	t.false(hasWaitingMail(state));
	for (const folder of ['given-up', 'sending']) {
		mkdirSync(path.join(state, 'outbox', folder), {recursive: true});
	}
	writeFileSync(path.join(state, 'outbox/given-up/1-bad-1-1-x.json'), '');
	t.false(hasWaitingMail(state));
	writeFileSync(path.join(state, 'outbox/sending/1-bad-1-1-x.json~1-2-b'), '');
	t.true(hasWaitingMail(state));
});
