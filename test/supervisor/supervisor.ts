import test from 'ava';
import type {Status} from '../../src/control/messages.js';
import type {ProgramExit, SpawnedProgram, SpawnOutcome} from '../../src/supervisor/ports.js';
import {Supervisor} from '../../src/supervisor/supervisor.js';

/** A supervisor in a world where nothing happens but what the test says. */
const supervise = () => {
	let now = 0;
	let pid = 100;
	let due: (() => void) | undefined;
	let exit: ((exit: ProgramExit) => void) | undefined;
	let ready: (() => void) | undefined;
	const world = {
		log: [] as string[],
		history: [] as string[],
		signals: [] as string[],
		left: [] as number[],
		statuses: [] as Status[],
		spawnError: undefined as Error | undefined,
		outcome: (program: SpawnedProgram): SpawnOutcome => ({outcome: 'spawned', program}),
	};
	const note = (text: string) => void world.log.push(text);
	const supervisor = new Supervisor(
		{
			spawner: {
				async spawn(onExit): Promise<SpawnOutcome> {
					if (world.spawnError) throw world.spawnError;
					exit = onExit;
					pid += 1;
					const program = {
						pid,
						signalGroup: (signal: string) => void world.signals.push(signal),
						groupGone: () => new Promise<void>(() => {}),
					};
					return world.outcome(program);
				},
				lastOutput: () => ['last words'],
			},
			readiness: {
				isTest: true,
				wait: async () =>
					new Promise<void>(resolve => {
						ready = resolve;
					}),
			},
			log: {debug: note, info: note, critical: note},
			timers: {
				after(_ms, callback) {
					due = callback;
					return () => {
						due = undefined;
					};
				},
			},
			history: {
				hasFailed: false,
				adopted: pid => void world.history.push(`adopted ${pid}`),
				refused: reason => void world.history.push(`refused ${reason}`),
				started: pid => void world.history.push(`start ${pid}`),
				ended: ({pid}, decision) => void world.history.push(`end ${pid} ${decision}`),
			},
			clock: {monotonicMs: () => now, unixSeconds: () => 1000 + now / 1000},
			leave: code => void world.left.push(code),
		},
		{backoffLimit: 3, forever: false, exitCodes: [0], stopTimeout: 5},
		{manager: 1, version: '1.2.3', filename: '/bin/x', argv: ['x', 'y']},
	);
	supervisor.watch(status => void world.statuses.push(status));
	const settle = async () => new Promise(resolve => setImmediate(resolve));
	return {
		supervisor,
		world,
		settle,
		advance: (ms: number) => {
			now += ms;
		},
		elapse: () => due?.(),
		hasTimer: () => due !== undefined,
		becomeReady: async () => {
			ready?.();
			await settle();
		},
		exit: (more: Partial<ProgramExit> = {}) =>
			exit?.({code: 3, signal: null, groupAlive: false, ...more}),
	};
};

test('a watcher sees every step of a start', async t => {
	const {supervisor, world, settle, becomeReady} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	await becomeReady();
	t.deepEqual(
		world.statuses.map(({state, pid, testing, readiness}) => ({state, pid, testing, readiness})),
		[
			{state: 'stopped', pid: null, testing: false, readiness: 'unknown'},
			{state: 'starting', pid: null, testing: false, readiness: 'unknown'},
			{state: 'starting', pid: 101, testing: true, readiness: 'unready'},
			{state: 'running', pid: 101, testing: false, readiness: 'ready'},
		],
	);
});

test('a status repeats what the supervisor was told about itself', t => {
	const {supervisor} = supervise();
	t.like(supervisor.status(), {
		manager: 1,
		version: '1.2.3',
		filename: '/bin/x',
		argv: ['x', 'y'],
		backoffLimit: 3,
		lastExit: null,
	});
});

test('the last exit is kept with its time, its uptime and the last output', async t => {
	const {supervisor, settle, advance, exit} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	advance(500);
	exit();
	t.like(supervisor.status(), {
		state: 'backoff',
		backoff: 1,
		delayUntil: 1001.5,
		lastExit: {at: 1000.5, pid: 101, code: 3, uptime: 0.5, expected: false},
		lastOutput: ['last words'],
	});
});

test('the end of a pause starts the program again', async t => {
	const {supervisor, settle, exit, elapse} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	exit();
	elapse();
	await settle();
	t.like(supervisor.status(), {state: 'starting', pid: 102, restarts: 1, delayUntil: 0});
});

test('a readiness that comes after the end of its program is ignored', async t => {
	const {supervisor, settle, exit, becomeReady} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	exit();
	await becomeReady();
	t.is(supervisor.status().state, 'backoff');
});

test('a stop ends with the supervisor leaving, once, after the last status', async t => {
	const {supervisor, world, settle, exit, hasTimer} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	supervisor.dispatch({event: 'stop'});
	// So that a stopped program ends, too.
	t.deepEqual(world.signals, ['SIGTERM', 'SIGCONT']);
	exit({code: null, signal: 'SIGTERM'});
	t.deepEqual(world.left, [0]);
	t.like(world.statuses.at(-1), {state: 'stopped', pid: null, wanted: 'down'});
	t.false(hasTimer());
	supervisor.dispatch({event: 'start'});
	t.is(supervisor.status().state, 'stopped');
});

test('a program that cannot be executed is told with the reason', async t => {
	const {supervisor, world, settle} = supervise();
	world.spawnError = new Error("can't exec '/bin/x': ENOENT");
	supervisor.dispatch({event: 'start'});
	await settle();
	t.like(supervisor.status().lastExit, {code: 127, description: "can't exec '/bin/x': ENOENT"});
});

test('a watcher that has gone hears nothing more', t => {
	const {supervisor} = supervise();
	let calls = 0;
	const unwatch = supervisor.watch(() => {
		calls += 1;
	});
	unwatch();
	supervisor.dispatch({event: 'start'});
	t.is(calls, 1);
});

test('every start and end is recorded with what was decided', async t => {
	const {supervisor, world, settle, exit, elapse, advance} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	exit();
	elapse();
	await settle();
	advance(5000);
	exit();
	await settle();
	supervisor.dispatch({event: 'stop'});
	exit({code: 0});
	t.deepEqual(world.history, [
		'start 101',
		'end 101 pause',
		'start 102',
		'end 102 restart',
		'start 103',
		'end 103 leave',
	]);
});

test('a program that is found running is told with its own start, and nothing is started', async t => {
	const {supervisor, world, settle} = supervise();
	world.outcome = program => ({outcome: 'adopted', program, startedAt: 400});
	supervisor.dispatch({event: 'start'});
	await settle();
	t.like(supervisor.status(), {state: 'running', pid: 101, adopted: true, lastStart: 400});
	t.deepEqual(world.history, ['adopted 101']);
});

test('the end of an adopted program counts its whole life', async t => {
	const {supervisor, world, settle, exit} = supervise();
	world.outcome = program => ({outcome: 'adopted', program, startedAt: 400});
	supervisor.dispatch({event: 'start'});
	await settle();
	exit({code: null, signal: null, observed: false});
	t.like(supervisor.status(), {
		state: 'starting',
		adopted: false,
		lastExit: {uptime: 600, description: 'ended; exit status not observable', expected: false},
	});
});

test('a refusal is recorded, told with its reason, and the supervisor leaves', async t => {
	const {supervisor, world, settle} = supervise();
	world.outcome = () => ({outcome: 'refused', reason: 'in use'});
	supervisor.dispatch({event: 'start'});
	await settle();
	t.like(supervisor.status(), {state: 'failed', reason: 'in use', pid: null, lastExit: null});
	t.deepEqual(world.history, ['refused in use']);
	t.deepEqual(world.left, [5]);
});

test('a sick program is restarted, goes on so that it can end, and its end names the reason', async t => {
	const {supervisor, world, settle, exit} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	supervisor.restartSick(99, 'of somebody else');
	t.deepEqual(world.signals, []);
	supervisor.restartSick(101, 'it is mute');
	t.deepEqual(world.signals, ['SIGTERM', 'SIGCONT']);
	exit({code: null, signal: 'SIGTERM'});
	t.is(
		supervisor.status().lastExit?.description,
		'terminated by SIGTERM, restarted because it is mute',
	);
	await settle();
	t.is(supervisor.status().pid, 102);
	exit({code: 1, signal: null});
	t.is(supervisor.status().lastExit?.description, 'exit status 1');
});

test('a sick program is killed only while it is asked to end', async t => {
	const {supervisor, world, settle} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	supervisor.killSick(101);
	t.deepEqual(world.signals, []);
	supervisor.restartSick(101, 'it is mute');
	supervisor.killSick(99);
	supervisor.killSick(101);
	t.deepEqual(world.signals, ['SIGTERM', 'SIGCONT', 'SIGKILL']);
});

test('health is part of the status, and its news are announced', async t => {
	const {supervisor, world, settle, becomeReady} = supervise();
	supervisor.dispatch({event: 'start'});
	await settle();
	await becomeReady();
	t.like(world.statuses.at(-1), {health: null, readiness: 'ready'});
	const health = {
		verdict: 'failed',
		since: 1,
		reason: 'mute',
		activities: [],
		alarms: [],
		lastRestart: null,
	} as const;
	supervisor.note({health});
	t.like(world.statuses.at(-1), {health, readiness: 'unready', state: 'running'});
	supervisor.note({health: {...health, verdict: 'ready', reason: null}});
	t.like(world.statuses.at(-1), {readiness: 'ready'});
});
