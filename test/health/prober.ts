import test from 'ava';
import type {Health} from '../../src/control/messages.js';
import type {WatchedProgram} from '../../src/health/look.js';
import type {ProbeResult} from '../../src/health/probe.js';
import {startProber} from '../../src/health/prober.js';
import type {Action} from '../../src/health/thresholds.js';
import {fakeClock, settle} from '../helpers/fake-clock.js';

const running: WatchedProgram = {pid: 7, state: 'running', startedAt: 0};
const ready: ProbeResult = {probe: 'ready', storages: new Map()};
const mute: ProbeResult = {probe: 'unready', problem: 'mute', reason: 'mute'};

/** A prober that looks every second at a server that answers as the test says. */
const probe = () => {
	const clock = fakeClock();
	const began = clock.now();
	const world = {
		answer: ready as ProbeResult,
		/** How long an answer takes, in milliseconds. */
		takes: 0,
		isBroken: false,
		looks: [] as number[],
		healths: [] as Health[],
		actions: [] as Action[],
	};
	const prober = startProber({
		async takeLook(program, signal) {
			world.looks.push(clock.now() - began);
			if (world.isBroken) throw new Error('no /proc');
			const {answer, takes} = world;
			if (takes > 0) await new Promise<void>(resolve => clock.after(takes, resolve));
			signal.throwIfAborted();
			return {
				now: clock.now() / 1000,
				program: {...program, processState: 'S'},
				probe: program.state === 'running' ? answer : undefined,
				phase: {activities: [], isProgressing: false},
				findings: [],
			};
		},
		limits: {failures: 2, action: 'restart', startTimeout: 300, stopTimeout: 300},
		intervalMs: 1000,
		after: (ms, callback) => clock.after(ms, callback),
		monotonicMs: () => clock.now(),
		unixSeconds: () => clock.now() / 1000,
		onHealth: health => void world.healths.push(health),
		onAction: action => void world.actions.push(action),
	});
	return {clock, world, prober};
};

test('there is one look in an interval, and one timer', async t => {
	const {clock, world, prober} = probe();
	await settle();
	t.is(clock.waiting(), 1);
	await clock.advance(3500);
	t.deepEqual(world.looks, [0, 1000, 2000, 3000]);
	t.is(clock.waiting(), 1);
	prober.close();
	t.is(clock.waiting(), 0);
});

test('an interval runs from the beginning of a look', async t => {
	const {clock, world} = probe();
	await settle();
	world.takes = 300;
	await clock.advance(3500);
	t.deepEqual(world.looks, [0, 1000, 2000, 3000]);
});

test('a look that takes longer than the interval is followed by the next at once', async t => {
	const {clock, world} = probe();
	await settle();
	world.takes = 1500;
	await clock.advance(4100);
	t.deepEqual(world.looks, [0, 1000, 2500, 4000]);
});

test('only what has changed is told', async t => {
	const {clock, world, prober} = probe();
	prober.update(running);
	await clock.advance(5000);
	t.deepEqual(
		world.healths.map(({verdict}) => verdict),
		['unknown', 'ready'],
	);
});

test('a change of the program is looked at out of turn, the same again is not', async t => {
	const {clock, world, prober} = probe();
	await clock.advance(100);
	prober.update(running);
	prober.update({...running});
	await clock.advance(500);
	t.deepEqual(world.looks, [0, 100]);
	await clock.advance(600);
	t.deepEqual(world.looks, [0, 100, 1100]);
});

test('a look at a program that is gone by now does not count', async t => {
	const {clock, world, prober} = probe();
	prober.update(running);
	await clock.advance(100);
	world.answer = mute;
	world.takes = 800;
	await clock.advance(1000);
	prober.update({pid: null, state: 'down', startedAt: 0});
	await clock.advance(5000);
	t.deepEqual(
		world.healths.map(({verdict}) => verdict),
		['unknown', 'ready', 'unknown'],
	);
	t.deepEqual(world.actions, []);
});

test('a server that falls silent is acted on within interval x failures + time limit', async t => {
	const {clock, world, prober} = probe();
	prober.update(running);
	await clock.advance(100);
	world.answer = mute;
	world.takes = 900;
	await clock.advance(2 * 1000 + 900);
	t.deepEqual(world.actions, [{action: 'restart', pid: 7, reason: 'mute'}]);
	t.is(world.healths.at(-1)?.lastRestart?.reason, 'mute');
});

test('a look that fails by itself is repeated', async t => {
	const {clock, world, prober} = probe();
	prober.update(running);
	await clock.advance(100);
	world.isBroken = true;
	await clock.advance(3000);
	t.is(world.healths.at(-1)?.verdict, 'ready');
	world.isBroken = false;
	world.answer = mute;
	await clock.advance(1000);
	t.is(world.healths.at(-1)?.verdict, 'unready');
});

test('a look that does not come to its end is noticed', async t => {
	const {clock, world, prober} = probe();
	await clock.advance(500);
	t.is(prober.lookingMs(), 0);
	world.takes = 60_000;
	await clock.advance(10_000);
	t.is(prober.lookingMs(), 9500);
	prober.close();
	t.is(prober.lookingMs(), 0);
});
