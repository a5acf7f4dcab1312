import test from 'ava';
import type {ProbeResult} from '../../src/health/probe.js';
import {firstMemory, judge, type Limits, type Look} from '../../src/health/thresholds.js';

const limits: Limits = {failures: 3, action: 'restart', startTimeout: 300, stopTimeout: 300};

const ready: ProbeResult = {probe: 'ready', storages: new Map()};
const mute: ProbeResult = {probe: 'unready', problem: 'mute', reason: 'mute'};
const garbage: ProbeResult = {probe: 'unready', problem: 'garbage', reason: 'garbage'};
const closed: ProbeResult = {probe: 'unready', problem: 'closed', reason: 'closed'};
const down: ProbeResult = {probe: 'absent', problem: 'down', reason: 'nobody listens'};
const missing: ProbeResult = {probe: 'unready', problem: 'missing-storage', reason: 'no main'};

const pack = {activity: 'pack', storage: 'main', step: 'copying', percent: 10} as const;
const index = {activity: 'index', storage: 'main', step: 'rebuilding', percent: 10} as const;

type Step = Partial<Omit<Look, 'program' | 'phase'>> & {
	readonly program?: Partial<Look['program']>;
	readonly phase?: Partial<Look['phase']>;
};

/** Looks 20 seconds apart, at a server that runs if nothing else is said. */
const judgeAll = (steps: readonly Step[], different: Partial<Limits> = {}) => {
	let memory = firstMemory(0);
	return steps.map((step, count) => {
		const look: Look = {
			now: (count + 1) * 20,
			probe: undefined,
			findings: [],
			...step,
			program: {pid: 7, state: 'running', startedAt: 0, processState: 'S', ...step.program},
			phase: {activities: [], isProgressing: false, ...step.phase},
		};
		const judged = judge(memory, look, {...limits, ...different});
		memory = judged.memory;
		const {verdict, reason} = memory.health;
		return {verdict, reason, action: judged.action?.action, health: memory.health};
	});
};

const verdicts = (steps: readonly Step[], different?: Partial<Limits>) =>
	judgeAll(steps, different).map(({verdict, action}) =>
		action === undefined ? verdict : `${verdict} ${action}`,
	);

const times = (count: number, step: Step): Step[] => Array.from({length: count}, () => step);

test('a server that answers is ready', t => {
	t.deepEqual(verdicts(times(3, {probe: ready})), ['ready', 'ready', 'ready']);
});

for (const [problem, probe] of Object.entries({mute, garbage, closed, down})) {
	test(`a server that runs and is ${problem} is restarted after three looks`, t => {
		t.deepEqual(verdicts(times(3, {probe})), ['unready', 'unready', 'failed restart']);
	});
}

test('one good answer counts everything from the beginning', t => {
	const steps = [{probe: mute}, {probe: mute}, {probe: ready}, {probe: mute}, {probe: mute}];
	t.deepEqual(verdicts(steps), ['unready', 'unready', 'ready', 'unready', 'unready']);
});

test('with action alarm a failed server is left alone', t => {
	t.deepEqual(verdicts(times(4, {probe: mute}), {action: 'alarm'}), [
		'unready',
		'unready',
		'failed',
		'failed',
	]);
});

test('a missing storage is no reason to restart', t => {
	t.deepEqual(
		verdicts(times(4, {probe: missing})),
		times(4, {}).map(() => 'unready'),
	);
});

test('a server that packs and gets on with it is not restarted', t => {
	const phase = {activities: [pack], isProgressing: true};
	const all = judgeAll(times(9, {probe: mute, phase}));
	t.true(all.every(({verdict, action}) => verdict === 'unready' && action === undefined));
	t.is(all[0]?.reason, "mute (it packs storage 'main')");
});

test('a server that hangs in the middle of a pack is restarted', t => {
	const phase = {activities: [pack], isProgressing: false};
	t.deepEqual(verdicts(times(3, {probe: mute, phase})), ['unready', 'unready', 'failed restart']);
});

test('a server that only gets on with something unknown is restarted', t => {
	const phase = {activities: [], isProgressing: true};
	t.deepEqual(verdicts(times(3, {probe: mute, phase})), ['unready', 'unready', 'failed restart']);
});

test('a server that rebuilds its index takes its time', t => {
	const program = {state: 'starting'} as const;
	const phase = {activities: [index], isProgressing: true};
	const all = judgeAll(times(50, {probe: down, program, phase}));
	t.true(all.every(({verdict, action}) => verdict === 'unready' && action === undefined));
	t.is(all[49]?.reason, "nobody listens (it reads the index of storage 'main')");
});

test('a server that starts may be absent for the start-timeout, and no longer', t => {
	const program = {state: 'starting'} as const;
	const all = judgeAll(times(20, {probe: down, program}));
	t.is(all[0]?.reason, 'nobody listens (it has just been started)');
	t.is(all.findIndex(({action}) => action !== undefined) + 1, 17);
});

test('a server that starts and answers nonsense is not given that time', t => {
	const program = {state: 'starting'} as const;
	t.deepEqual(verdicts(times(3, {probe: garbage, program})), [
		'unready',
		'unready',
		'failed restart',
	]);
});

test('restarts that do not help come at longer intervals, and the first good answer ends that', t => {
	const life = (pid: number, probe: ProbeResult, count: number) =>
		times(count, {probe, program: {pid}});
	const steps = [...life(1, mute, 3), ...life(2, mute, 6), ...life(3, mute, 12)];
	const restarts = judgeAll(steps).flatMap(({action}, at) => (action === undefined ? [] : [at]));
	t.deepEqual(restarts, [2, 8, 20]);
	const healed = judgeAll([...life(1, mute, 3), ...life(2, ready, 1), ...life(2, mute, 3)]);
	t.is(healed[6]?.action, 'restart');
});

test('a new life begins without a past', t => {
	const steps = [...times(2, {probe: mute}), {probe: mute, program: {pid: 8}}];
	t.deepEqual(verdicts(steps), ['unready', 'unready', 'unready']);
});

test('what is stopped on request is not judged', t => {
	const steps: Step[] = [
		{probe: ready},
		{program: {state: 'ending'}},
		{program: {pid: null, state: 'down'}},
	];
	t.deepEqual(verdicts(steps), ['ready', 'unknown', 'unknown']);
});

test('nothing to ask is no verdict', t => {
	t.deepEqual(verdicts(times(2, {})), ['unknown', 'unknown']);
});

const sick = times(3, {probe: mute});
const endingSick = (isProgressing: boolean): Step => ({
	program: {state: 'ending'},
	phase: {isProgressing},
});

test('a sick server that does not end is killed after half a minute', t => {
	t.deepEqual(verdicts([...sick, ...times(3, endingSick(false))]).slice(3), [
		'failed',
		'failed kill',
		'failed kill',
	]);
});

test('a sick server that saves its index is left to finish', t => {
	const steps = [...sick, ...times(4, endingSick(true))];
	t.deepEqual(verdicts(steps).slice(3), ['failed', 'failed', 'failed', 'failed']);
});

test('a shorter stop-timeout holds, and 0 never kills', t => {
	const steps = [...sick, ...times(2, endingSick(false))];
	t.deepEqual(verdicts(steps, {stopTimeout: 5}).slice(3), ['failed kill', 'failed kill']);
	t.deepEqual(verdicts(steps, {stopTimeout: 0}).slice(3), ['failed', 'failed']);
});

test('the state of the process is part of the reason', t => {
	const reason = (processState: string) =>
		judgeAll([{probe: mute, program: {processState}}])[0]?.reason;
	t.is(reason('S'), 'mute');
	t.is(reason('T'), 'mute; the process is stopped (SIGSTOP)');
	t.is(reason('t'), 'mute; the process is held by a debugger');
	t.is(reason('D'), 'mute; the process waits for a disk');
});

test('verdicts, activities and alarms keep the time at which they began', t => {
	const finding = {
		alarm: 'disk',
		subject: '/srv',
		level: 'alarm',
		text: 'x',
		advice: null,
	} as const;
	const lock = {...finding, alarm: 'commit-lock', since: 3};
	const step = {probe: ready, findings: [finding, lock]};
	const [, later] = judgeAll([
		{...step, phase: {activities: [pack]}},
		{...step, phase: {activities: [{...pack, percent: 20}]}},
	]);
	t.is(later?.health.since, 20);
	t.deepEqual(later?.health.activities, [{...pack, percent: 20, since: 20}]);
	t.deepEqual(
		later?.health.alarms.map(({alarm, since}) => [alarm, since]),
		[
			['disk', 20],
			['commit-lock', 3],
		],
	);
	t.false('subject' in (later?.health.alarms[0] ?? {}));
});

test('the last restart is remembered with its reason', t => {
	const all = judgeAll([...sick, {probe: ready, program: {pid: 8}}]);
	t.deepEqual(all[3]?.health.lastRestart, {at: 60, reason: 'mute'});
	t.is(all[3]?.verdict, 'ready');
});

for (const [alarm, title] of [
	[
		'deleted-file',
		'a server whose file was deleted is never restarted: its end would be that of its data',
	],
	['no-restart', 'a server that could not be started again is not restarted before it could'],
] as const) {
	test(title, t => {
		const finding = {alarm, subject: 'main', level: 'alarm', text: '', advice: null} as const;
		const steps = times(12, {probe: mute, findings: [finding]});
		t.false(verdicts(steps).some(verdict => verdict.includes('restart')));
		t.is(verdicts(steps).at(-1), 'failed');
		t.is(verdicts([...steps, {probe: mute}]).at(-1), 'failed restart');
	});
}
