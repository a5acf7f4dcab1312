import test from 'ava';
import {refusedStatus, transition} from '../../src/supervisor/machine.js';
import {
	type Effect,
	type Event,
	type EventName,
	initialState,
	type Phase,
	type Policy,
	type State,
} from '../../src/supervisor/state.js';

const policy: Policy = {backoffLimit: 3, forever: false, exitCodes: [0, 2], stopTimeout: 5};

/** A stop waits for a pack. */
const patient: Policy = {...policy, stopPackWait: 600};

const run = (events: readonly Event[], from: State = initialState, by: Policy = policy) => {
	let state = from;
	const effects: Effect[] = [];
	for (const event of events) {
		const next = transition(state, event, by);
		state = next.state;
		effects.push(...next.effects);
	}
	return {state, effects};
};

const started: readonly Event[] = [
	{event: 'start'},
	{event: 'spawned', pid: 7, now: 0},
	{event: 'ready', pid: 7},
];
const crash = (now: number, pid = 7): Event => ({
	event: 'exited',
	pid,
	now,
	code: 3,
	signal: null,
	groupAlive: false,
});
const clean = (now: number): Event => ({...crash(now), code: 0}) as Event;
const texts = (effects: readonly Effect[]) =>
	effects.flatMap(effect => (effect.effect === 'log' ? [effect.text] : []));
const kinds = (effects: readonly Effect[]) => effects.map(({effect}) => effect);

test('start spawns, and readiness makes the program running', t => {
	const {state, effects} = run(started);
	t.is(state.phase.name, 'running');
	t.is(state.wanted, 'up');
	t.deepEqual(kinds(effects), ['timer', 'spawn', 'log', 'await-ready']);
});

test('start while the program runs does nothing', t => {
	const {effects} = run([{event: 'start'}], run(started).state);
	t.deepEqual(effects, []);
});

test('stop sends SIGTERM to the group, then the supervisor leaves with 0', t => {
	const {state, effects} = run([{event: 'stop'}, crash(9000)], run(started).state);
	t.deepEqual(effects[0], {effect: 'signal-group', pid: 7, signal: 'SIGTERM'});
	t.deepEqual(effects[1], {effect: 'timer', ms: 5000});
	t.deepEqual(texts(effects), ['controlled process 7 exited', 'pid 7: exit status 3', 'Exiting']);
	t.is(state.leaving, 0);
	t.true(state.lastExit?.expected);
});

test('a stop that is not obeyed ends with SIGKILL, again and again', t => {
	const {state, effects} = run(
		[{event: 'stop'}, {event: 'elapsed'}, {event: 'elapsed'}],
		run(started).state,
	);
	const signals = effects.flatMap(effect =>
		effect.effect === 'signal-group' ? [effect.signal] : [],
	);
	t.deepEqual(signals, ['SIGTERM', 'SIGKILL', 'SIGKILL']);
	t.is(state.phase.name, 'killing');
});

test('a stop waits until no pack is under way, and signals then', t => {
	const waiting = run([{event: 'stop'}], run(started).state, patient);
	t.deepEqual(waiting.effects, [
		{effect: 'timer', ms: 600_000},
		{effect: 'await-pack', pid: 7},
	]);
	const {state, effects} = run([{event: 'pack-over', pid: 7}], waiting.state, patient);
	t.is(state.phase.name, 'stopping');
	t.deepEqual(kinds(effects), ['signal-group', 'timer']);
});

test('a stop that has waited long enough ends the jobs of the pack before the program', t => {
	const {state, effects} = run(
		[{event: 'stop'}, {event: 'packing', pid: 7, storages: ['1']}, {event: 'elapsed'}],
		run(started).state,
		patient,
	);
	t.deepEqual(kinds(effects), ['timer', 'await-pack', 'timer', 'end-packs']);
	t.deepEqual(kinds(run([{event: 'pack-over', pid: 7}], state, patient).effects), [
		'signal-group',
		'timer',
	]);
});

test('the first signal to the supervisor waits for a pack, the second does not', t => {
	const signal: Event = {event: 'shutdown', signal: 'SIGTERM'};
	const first = run([signal], run(started).state, patient);
	t.deepEqual(kinds(first.effects), ['log', 'timer', 'await-pack']);
	t.deepEqual(kinds(run([signal], first.state, patient).effects), ['log', 'timer', 'end-packs']);
});

test('another stop or restart goes on waiting, a start takes the stop back', t => {
	const waiting = run(
		[{event: 'stop'}, {event: 'restart'}, {event: 'stop'}],
		run(started).state,
		patient,
	);
	t.is(waiting.state.phase.name, 'awaiting-pack');
	t.is(waiting.state.wanted, 'down');
	const back = run([{event: 'start'}, {event: 'pack-over', pid: 7}], waiting.state, patient);
	t.is(back.state.phase.name, 'running');
	t.is(back.state.wanted, 'up');
	t.deepEqual(back.effects, [{effect: 'timer', ms: null}]);
});

test('a program that is of no use is restarted without a wait, also during one', t => {
	const sick: Event = {event: 'restart', atOnce: true};
	const {state} = run(started);
	t.is(run([sick], state, patient).state.phase.name, 'stopping');
	t.is(run([{event: 'stop'}, sick], state, patient).state.phase.name, 'stopping');
});

test('a program that ends by itself while a stop waits has been asked to', t => {
	const {state} = run([{event: 'stop'}, crash(9000)], run(started).state, patient);
	t.is(state.leaving, 0);
	t.true(state.lastExit?.expected);
});

test('what a leader leaves behind while a stop waits is ended', t => {
	const {state, effects} = run(
		[{event: 'stop'}, {...crash(9000), groupAlive: true} as Event],
		run(started).state,
		patient,
	);
	t.is(state.phase.name, 'stopping');
	t.deepEqual(kinds(effects).slice(2), ['log', 'await-group', 'signal-group', 'timer']);
	t.is(run([{event: 'group-gone', pid: 7}], state, patient).state.leaving, 0);
});

test('stop-timeout 0 never kills', t => {
	const {effects} = run([{event: 'stop'}], run(started).state, {...policy, stopTimeout: 0});
	t.deepEqual(effects.at(-1), {effect: 'timer', ms: null});
});

test('a second stop sends SIGTERM again and restarts the clock', t => {
	const {effects} = run([{event: 'stop'}, {event: 'stop'}], run(started).state);
	t.deepEqual(kinds(effects), ['signal-group', 'timer', 'signal-group', 'timer']);
});

test('restart starts again at once and without back-off', t => {
	const {state, effects} = run([{event: 'restart'}, crash(100)], run(started).state);
	t.is(state.phase.name, 'spawning');
	t.is(state.backoff, 0);
	t.is(state.restarts, 0);
	t.true(kinds(effects).includes('spawn'));
});

test('stop during a restart wins', t => {
	const {state} = run([{event: 'restart'}, {event: 'stop'}, crash(100)], run(started).state);
	t.is(state.leaving, 0);
});

test('restart during a stop wins', t => {
	const {state} = run([{event: 'stop'}, {event: 'restart'}, crash(100)], run(started).state);
	t.is(state.phase.name, 'spawning');
});

test('start during a stop lets the program come back', t => {
	const {state} = run([{event: 'stop'}, {event: 'start'}, crash(100)], run(started).state);
	t.is(state.phase.name, 'spawning');
	t.is(state.wanted, 'up');
});

test('quick crashes pause one second longer each time, then the supervisor gives up', t => {
	let {state} = run(started);
	const seen: string[] = [];
	for (const pid of [7, 8, 9]) {
		const ended = run([crash(10, pid)], state);
		seen.push(...texts(ended.effects));
		state = run([{event: 'elapsed'}, {event: 'spawned', pid: pid + 1, now: 0}], ended.state).state;
	}
	t.deepEqual(
		seen.filter(text => !text.startsWith('controlled')),
		[
			'sleep 1 to avoid rapid restarts',
			'pid 7: exit status 3',
			'sleep 2 to avoid rapid restarts',
			'pid 8: exit status 3',
			'restarting too frequently; quit',
		],
	);
	t.is(state.leaving, 1);
	t.is(state.phase.name, 'failed');
});

test('forever pauses at the limit again and again', t => {
	let {state} = run(started);
	const pauses: (number | null)[] = [];
	for (let pid = 7; pid < 12; pid++) {
		const ended = run([crash(10, pid)], state, {...policy, forever: true});
		pauses.push(
			...ended.effects.flatMap(effect =>
				effect.effect === 'timer' && effect.ms !== null ? [effect.ms] : [],
			),
		);
		state = run([{event: 'elapsed'}, {event: 'spawned', pid: pid + 1, now: 0}], ended.state).state;
	}
	t.deepEqual(pauses, [1000, 2000, 3000, 3000, 3000]);
});

test('a life as long as backoff-limit is followed by a restart at once', t => {
	const {state, effects} = run([crash(3000)], run(started).state);
	t.is(state.phase.name, 'spawning');
	t.is(state.restarts, 1);
	t.false(texts(effects).some(text => text.startsWith('sleep')));
});

test('defect 6: backoff-limit 0 pauses a second instead of spinning', t => {
	const {effects} = run([crash(0)], run(started).state, {...policy, backoffLimit: 0});
	t.deepEqual(effects.at(-1), {effect: 'timer', ms: 1000});
});

test('defect 6: a negative backoff-limit is survived', t => {
	const {state} = run([crash(0)], run(started).state, {...policy, backoffLimit: -5});
	t.is(state.phase.name, 'backoff');
	t.is(state.leaving, null);
});

test('a status of exit-codes ends the supervisor with it', t => {
	const {state, effects} = run([clean(5000)], run(started).state);
	t.is(state.leaving, 0);
	t.is(texts(effects).at(-1), 'pid 7: exit status 0; exiting now');
});

test('exit-codes beats forever', t => {
	const by = {...policy, forever: true, exitCodes: [3]};
	t.is(run([crash(10)], run(started).state, by).state.leaving, 3);
});

test('defect 21, kept: the last quick end counts as too frequent before exit-codes is looked at', t => {
	const by = {...policy, backoffLimit: 1};
	const {state, effects} = run([clean(10)], run(started).state, by);
	t.is(state.leaving, 1);
	t.is(texts(effects).at(-1), 'restarting too frequently; quit');
});

test('-1 in exit-codes matches any death by signal', t => {
	const killed: Event = {...crash(5000), code: null, signal: 'SIGKILL'} as Event;
	const {state} = run([killed], run(started).state, {...policy, exitCodes: [-1]});
	t.is(state.leaving, 1);
});

test('stop during a pause ends the supervisor', t => {
	const {state} = run([crash(10), {event: 'stop'}], run(started).state);
	t.is(state.leaving, 0);
});

test('start during a pause starts at once and clears the back-off', t => {
	const {state, effects} = run([crash(10), {event: 'start'}], run(started).state);
	t.is(state.phase.name, 'spawning');
	t.is(state.backoff, 0);
	t.deepEqual(effects.slice(-2), [{effect: 'timer', ms: null}, {effect: 'spawn'}]);
});

test('defect 1: a signal to the supervisor stops the program first', t => {
	const {state, effects} = run([{event: 'shutdown', signal: 'SIGTERM'}], run(started).state);
	t.deepEqual(texts(effects), ['daemon manager killed by SIGTERM']);
	t.is(state.phase.name, 'stopping');
	t.is(state.leaving, null);
	t.is(run([crash(10)], state).state.leaving, 0);
});

test('defect 16: a leader that ends while its children live is followed by a stop of its group', t => {
	const {state, effects} = run([{...crash(5000), groupAlive: true} as Event], run(started).state);
	t.deepEqual(kinds(effects), ['log', 'await-group', 'signal-group', 'timer']);
	t.is(state.phase.name, 'stopping');
	const gone = run([{event: 'group-gone', pid: 7}], state);
	t.is(gone.state.phase.name, 'spawning');
	t.is(gone.state.restarts, 1);
});

test('a stop that comes while the group of a crashed program is being ended is obeyed, and the crash remains one', t => {
	const orphaned = run([{...crash(10), groupAlive: true} as Event], run(started).state).state;
	const {state} = run([{event: 'stop'}, {event: 'group-gone', pid: 7}], orphaned);
	t.is(state.leaving, 0);
	t.false(state.lastExit?.expected);
});

test('a restart that comes while the group of a crashed program is being ended starts without a pause', t => {
	const orphaned = run([{...crash(10), groupAlive: true} as Event], run(started).state).state;
	const {state} = run([{event: 'restart'}, {event: 'group-gone', pid: 7}], orphaned);
	t.like(state, {phase: {name: 'spawning'}, restarts: 0, backoff: 0});
	t.false(state.lastExit?.expected);
});

test('a stop that comes before the spawn is through is not forgotten', t => {
	const {state, effects} = run([
		{event: 'start'},
		{event: 'stop'},
		{event: 'spawned', pid: 7, now: 0},
	]);
	t.is(state.phase.name, 'stopping');
	t.true(kinds(effects).includes('signal-group'));
});

const found: readonly Event[] = [{event: 'start'}, {event: 'adopted', pid: 7, startedAt: -60_000}];

test('a program that outlived its supervisor is running, with all of its uptime', t => {
	const {state, effects} = run(found);
	t.like(state, {phase: {name: 'running', pid: 7}, adopted: true});
	t.deepEqual(texts(effects), ['adopted process pid=7']);
	t.false(kinds(effects).includes('await-ready'));
	t.is(run([crash(0)], state).state.lastExit?.uptimeMs, 60_000);
});

test('the end of an adopted program is followed by a restart, which is no adoption any more', t => {
	const {state} = run([crash(0), {event: 'spawned', pid: 8, now: 1}], run(found).state);
	t.like(state, {phase: {name: 'starting', pid: 8}, adopted: false, restarts: 1});
});

test('a stop that came before the adoption stops what was adopted', t => {
	const {state, effects} = run([{event: 'start'}, {event: 'stop'}, ...found.slice(1)]);
	t.is(state.phase.name, 'stopping');
	t.true(kinds(effects).includes('signal-group'));
});

test('a refused start is no crash: no back-off, no end, and the supervisor leaves with a status of its own', t => {
	const {state, effects} = run([{event: 'start'}, {event: 'refused', reason: 'in use'}]);
	t.like(state, {phase: {name: 'failed', reason: 'in use'}, leaving: refusedStatus, backoff: 0});
	t.is(state.lastExit, null);
	t.deepEqual(texts(effects), ['in use']);
	t.not(refusedStatus, 0);
});

test('a refused start that nobody wants any more is a stop', t => {
	const {state} = run([{event: 'start'}, {event: 'stop'}, {event: 'refused', reason: 'in use'}]);
	t.is(state.leaving, 0);
});

test('two starts in one breath spawn once', t => {
	const {effects} = run([{event: 'start'}, {event: 'start'}]);
	t.is(kinds(effects).filter(kind => kind === 'spawn').length, 1);
});

test('a program that cannot be executed counts as a crash with status 127', t => {
	const {state} = run([{event: 'start'}, {event: 'spawn-failed', reason: "can't exec 'x'"}]);
	t.is(state.phase.name, 'backoff');
	t.is(state.lastExit?.code, 127);
});

test('events about another process are ignored', t => {
	const {state} = run(started);
	for (const event of [
		crash(10, 99),
		{event: 'ready', pid: 99},
		{event: 'group-gone', pid: 99},
		{event: 'pack-over', pid: 99},
	]) {
		t.deepEqual(transition(state, event as Event, policy), {state, effects: []});
	}
});

const life = {pid: 7, startedAt: 0};
const phases: Record<Phase['name'], Phase> = {
	stopped: {name: 'stopped'},
	spawning: {name: 'spawning'},
	starting: {name: 'starting', ...life},
	running: {name: 'running', ...life},
	'awaiting-pack': {name: 'awaiting-pack', ...life, packs: [], isBreakingOff: false},
	stopping: {name: 'stopping', ...life, step: 0, ended: null, asked: true},
	killing: {name: 'killing', ...life, step: 1, ended: null, asked: true},
	backoff: {name: 'backoff', seconds: 1},
	failed: {name: 'failed', reason: 'x'},
};
const events: Record<EventName, Event> = {
	start: {event: 'start'},
	stop: {event: 'stop'},
	restart: {event: 'restart'},
	shutdown: {event: 'shutdown', signal: 'SIGINT'},
	spawned: {event: 'spawned', pid: 7, now: 0},
	'spawn-failed': {event: 'spawn-failed', reason: 'x'},
	adopted: {event: 'adopted', pid: 7, startedAt: -5000},
	refused: {event: 'refused', reason: 'x'},
	ready: {event: 'ready', pid: 7},
	exited: crash(10),
	'group-gone': {event: 'group-gone', pid: 7},
	packing: {event: 'packing', pid: 7, storages: ['1']},
	'pack-over': {event: 'pack-over', pid: 7},
	'handed-over': {event: 'handed-over'},
	elapsed: {event: 'elapsed'},
};

test('every phase decides every event', t => {
	const rows = Object.values(phases).map(phase => {
		const cells = Object.entries(events).map(([name, event]) => {
			const {state, effects} = transition({...initialState, wanted: 'up', phase}, event, patient);
			const did = effects.map(({effect}) => effect).join('+') || '-';
			return `${name}: ${state.phase.name}${state.leaving === null ? '' : ` leaves ${state.leaving}`} (${did})`;
		});
		return `${phase.name}\n  ${cells.join('\n  ')}`;
	});
	t.snapshot(rows.join('\n'));
});

test('any sequence of events keeps the promises of the machine', t => {
	for (let seed = 1; seed <= 2000; seed++) checkRandomRun(seed);
	t.pass();
});

/** At most one program at a time, nothing after leaving, a way to end it whenever it lives. */
const checkRandomRun = (seed: number): void => {
	const random = generator(seed);
	const names = Object.keys(events) as EventName[];
	const by: Policy = {
		backoffLimit: Math.floor(random() * 5) - 1,
		forever: random() < 0.5,
		exitCodes: random() < 0.5 ? [0, 2] : [],
		stopTimeout: Math.floor(random() * 3),
		stopPackWait: Math.floor(random() * 2) * 600,
	};
	let state = initialState;
	let live: number | null = null;
	let spawning = false;
	let pid = 100;
	let left = false;
	for (let step = 0; step < 60; step++) {
		const event = pick(names, random, {live, spawning, pid: pid + 1});
		if (event.event === 'spawned' || event.event === 'adopted') live = ++pid;
		if (outcomes.has(event.event)) spawning = false;
		if (event.event === 'exited' && event.pid === live && !event.groupAlive) live = null;
		if (event.event === 'group-gone' && event.pid === live) live = null;
		const next = transition(state, event, by);
		for (const effect of next.effects) {
			if (effect.effect === 'spawn') {
				if (live !== null || spawning) throw new Error(`seed ${seed}: two programs at once`);
				spawning = true;
			}
			if (effect.effect === 'leave') {
				const isOrphan = live !== null && event.event !== 'handed-over';
				if (isOrphan) throw new Error(`seed ${seed}: left an orphan`);
				if (left) throw new Error(`seed ${seed}: left twice`);
				left = true;
			}
		}
		if (state.leaving !== null && next.effects.length > 0) {
			throw new Error(`seed ${seed}: acted after leaving`);
		}
		state = next.state;
	}
};

/** What a spawn comes to. */
const outcomes: ReadonlySet<EventName> = new Set(['spawned', 'spawn-failed', 'adopted', 'refused']);

type World = {readonly live: number | null; readonly spawning: boolean; readonly pid: number};

/** A random event that can happen in this world. */
const pick = (names: readonly EventName[], random: () => number, world: World): Event => {
	const name = names[Math.floor(random() * names.length)] ?? 'elapsed';
	const {live, spawning, pid} = world;
	if (name === 'spawned') return spawning ? {event: name, pid, now: 0} : {event: 'elapsed'};
	if (name === 'spawn-failed') return spawning ? {event: name, reason: 'x'} : {event: 'elapsed'};
	if (name === 'adopted')
		return spawning ? {event: name, pid, startedAt: -random() * 9000} : {event: 'elapsed'};
	if (name === 'refused') return spawning ? {event: name, reason: 'x'} : {event: 'elapsed'};
	if (name === 'ready' || name === 'pack-over') return {event: name, pid: live ?? 1};
	if (name === 'packing') return {event: name, pid: live ?? 1, storages: ['1']};
	if (name === 'group-gone' || name === 'exited') {
		if (live === null) return {event: 'elapsed'};
		if (name === 'group-gone')
			return {
				event: 'exited',
				pid: live,
				now: random() * 9000,
				code: null,
				signal: 'SIGKILL',
				groupAlive: false,
			};
		return {
			event: name,
			pid: live,
			now: random() * 9000,
			code: Math.floor(random() * 4),
			signal: null,
			groupAlive: false,
		};
	}
	return name === 'shutdown' ? {event: name, signal: 'SIGTERM'} : {event: name};
};

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
const generator = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0;
	let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
	return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

test('an exit status of 0 that the log contradicts is a crash: the program is started again', t => {
	const end = {...clean(60_000), evidence: {isOrderly: false}} as Event;
	const {state, effects} = run([end], run(started).state);
	t.is(state.leaving, null);
	t.true(kinds(effects).includes('spawn'));
	t.regex(state.lastExit?.description ?? '', /taken for a crash/);
	const asked = run([{event: 'stop'}, end], run(started).state);
	t.is(asked.state.lastExit?.description, 'exit status 0');
});
