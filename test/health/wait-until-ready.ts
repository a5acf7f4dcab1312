import test from 'ava';
import type {ProbeResult} from '../../src/health/probe.js';
import {nextProbeDelay} from '../../src/health/probe-delay.js';
import {waitUntilReady} from '../../src/health/wait-until-ready.js';

const absent: ProbeResult = {probe: 'absent', problem: 'down', reason: 'nobody listens'};
const unready: ProbeResult = {probe: 'unready', problem: 'mute', reason: 'mute'};
const ready: ProbeResult = {probe: 'ready', storages: new Map()};

/** A probe that finds one result after the other, and the delays that were slept between. */
const script = (...results: readonly ProbeResult[]) => {
	const left = [...results];
	const slept: number[] = [];
	return {
		slept,
		probe: async () => left.shift() ?? absent,
		sleep: async (delayMs: number) => {
			slept.push(delayMs);
		},
	};
};

const never = new AbortController().signal;

test('the first answer ends the waiting', async t => {
	const {probe, sleep, slept} = script(absent, absent, unready, ready);
	t.deepEqual(await waitUntilReady({probe, sleep, signal: never}), {ready: true, last: ready});
	t.is(slept.length, 3);
});

test('a server that answers at once is not waited for', async t => {
	const {probe, sleep, slept} = script(ready);
	t.true((await waitUntilReady({probe, sleep, signal: never})).ready);
	t.deepEqual(slept, []);
});

test('an end of the program ends the waiting, with the last finding', async t => {
	const leaving = new AbortController();
	const {probe} = script(unready);
	const found = await waitUntilReady({
		probe,
		signal: leaving.signal,
		async sleep(_delayMs, signal) {
			leaving.abort();
			signal.throwIfAborted();
		},
	});
	t.deepEqual(found, {ready: false, last: unready});
});

test('an aborted wait asks nobody', async t => {
	const {probe, slept} = script(ready);
	const found = await waitUntilReady({probe, signal: AbortSignal.abort()});
	t.deepEqual(found, {ready: false, last: undefined});
	t.deepEqual(slept, []);
});

test('an abort wakes the real sleep', async t => {
	const leaving = new AbortController();
	const waiting = waitUntilReady({
		probe: async () => absent,
		signal: leaving.signal,
		delay: () => 600_000,
	});
	setTimeout(() => leaving.abort(), 20);
	t.deepEqual(await waiting, {ready: false, last: absent});
});

test('an answer that comes with the abort does not count', async t => {
	const leaving = new AbortController();
	const found = await waitUntilReady({
		async probe() {
			leaving.abort();
			return ready;
		},
		signal: leaving.signal,
	});
	t.deepEqual(found, {ready: false, last: undefined});
});

test('an attempt that throws is an attempt without success', async t => {
	const {sleep} = script();
	let attempts = 0;
	const found = await waitUntilReady({
		async probe() {
			attempts++;
			if (attempts < 3) {
				throw new Error('out of descriptors');
			}

			return ready;
		},
		sleep,
		signal: never,
	});
	t.true(found.ready);
	t.is(attempts, 3);
});

test('delays begin at 10 ms, never shrink and stop growing at 250 ms', t => {
	const delays = Array.from({length: 200}, (_, attempt) => nextProbeDelay(attempt, 'absent'));
	t.is(delays[0], 10);
	t.is(delays.at(-1), 250);
	t.deepEqual(
		delays,
		[...delays].sort((a, b) => a - b),
	);
});

test('who answers wrongly is asked more seldom, up to once a second', t => {
	t.true(nextProbeDelay(0, 'unready') >= 250);
	t.is(nextProbeDelay(1000, 'unready'), 1000);
});
