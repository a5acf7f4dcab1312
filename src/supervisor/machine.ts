import {decideBackoff} from '../program/backoff.js';
import {comparableStatus, describeExit} from '../program/exit-report.js';
import {planStop, stepAt} from '../program/stop-plan.js';
import type {
	Effect,
	Ending,
	Event,
	EventName,
	Life,
	Phase,
	Policy,
	State,
	Transition,
} from './state.js';

/** The supervisor's own exit status when the guard refuses to start the program. */
export const refusedStatus = 5;

/*
 *            start                 ready
 *  stopped ─────────► starting ───────────► running
 *     ▲                 │   ▲                  │
 *     │ group gone,     │   │ pause over       │ exited by itself
 *     │ wanted down     │   └──── backoff ◄────┤
 *     │                 │ exited     │         │ too often, or an exit code of exit-codes
 *  stopping ◄───────────┴── stop ◄───┘         ▼
 *     │  SIGTERM             (any)           failed / stopped, and the supervisor leaves
 *     ▼  stop-timeout
 *  killing   SIGKILL, repeated
 *
 *  A stop or restart of a running program passes through awaiting-pack, where nothing is signalled before no pack is
 *  under way, the patience for it is over, or another signal asks the supervisor to end. A start takes it back.
 *
 *  A spawn that finds the program of an earlier supervisor leads to running; one that the guard refuses to failed,
 *  and the supervisor leaves.
 *
 *  A running program that a successor has taken over stays as it is: the supervisor leaves.
 *
 *  A program whose leader has ended but whose process group has not passes through stopping, too: nothing is
 *  started, and the supervisor does not leave, while a member of the group lives.
 */

/** The one place where the course of things is decided; reads no clock, starts nothing, never throws. */
export const transition = (state: State, event: Event, policy: Policy): Transition =>
	state.leaving === null ? dispatch(table[state.phase.name], state, event, policy) : ignore(state);

const dispatch = <Name extends EventName>(
	row: Row,
	state: State,
	event: Event<Name>,
	policy: Policy,
): Transition => row[event.event](state, event, policy);

type Row = {
	readonly [Name in EventName]: (state: State, event: Event<Name>, policy: Policy) => Transition;
};

const ignore = (state: State): Transition => ({state, effects: []});

const start = (state: State): Transition => ({
	state: {...state, phase: {name: 'spawning'}, wanted: 'up', backoff: 0, adopted: false},
	effects: [timer(null), {effect: 'spawn'}],
});

const startUnasked = (state: State): Transition => ({
	state: {...state, phase: {name: 'spawning'}, restarts: state.restarts + 1, adopted: false},
	effects: [{effect: 'spawn'}],
});

const spawned: Row['spawned'] = (state, {pid, now}, policy) => {
	const life: Life = {pid, startedAt: now};
	const noted = log('info', `spawned process pid=${pid}`);
	if (state.wanted === 'down') return after([noted], beginStop(state, life, policy));
	return {
		state: {...state, phase: {name: 'starting', ...life}},
		effects: [noted, {effect: 'await-ready', pid}],
	};
};

/** It had its trial, or its readiness test, under the supervisor that started it. */
const adopted: Row['adopted'] = (state, event, policy) => {
	const {pid, startedAt} = event;
	const known: State = {...state, adopted: true, phase: {name: 'running', pid, startedAt}};
	const noted = log('info', `adopted process pid=${pid}`);
	return state.wanted === 'down'
		? after([noted], stopServing('down')(known, event, policy))
		: {state: known, effects: [noted]};
};

/** No crash, so there is no back-off: what stands in the way does not go away by trying. */
const refused: Row['refused'] = (state, {reason}) =>
	state.wanted === 'down'
		? leaveStopped(state)
		: leave({...state, phase: {name: 'failed', reason}}, refusedStatus, [log('critical', reason)]);

/** An exec that fails counts as a crash with status 127, as it does in the original. */
const spawnFailed: Row['spawn-failed'] = (state, {reason}, policy) =>
	endOf(
		state,
		{pid: 0, code: 127, signal: null, uptimeMs: 0, expected: false, description: reason},
		policy,
	);

const ready: Row['ready'] = (state, {pid}) =>
	state.phase.name === 'starting' && state.phase.pid === pid
		? {state: {...state, phase: {...state.phase, name: 'running'}}, effects: []}
		: ignore(state);

/** The program goes on under a successor. */
const handedOver: Row['handed-over'] = state => leave(state, 0, [log('info', 'Exiting')]);

/** A stop that finds nothing running: the supervisor has nothing left to do. */
const leaveStopped = (state: State): Transition => ({
	state: {...state, phase: {name: 'stopped'}, wanted: 'down', leaving: 0},
	effects: [timer(null), log('info', 'Exiting'), {effect: 'leave', code: 0}],
});

const stopLife =
	(wanted: State['wanted']) =>
	(state: State, _event: Event, policy: Policy): Transition => {
		const {phase} = state;
		return 'pid' in phase ? beginStop({...state, wanted}, phase, policy) : ignore(state);
	};

/** A program that serves may be in the middle of a pack. */
const stopServing =
	(wanted: State['wanted']) =>
	(state: State, event: Event, policy: Policy): Transition => {
		const {phase} = state;
		const {stopPackWait = 0} = policy;
		const isUrgent = event.event === 'restart' && event.atOnce === true;
		if (phase.name !== 'running' || isUrgent || stopPackWait <= 0)
			return stopLife(wanted)(state, event, policy);
		const {pid, startedAt} = phase;
		const awaiting = {name: 'awaiting-pack', packs: [], isBreakingOff: false} as const;
		return {
			state: {...state, wanted, phase: {...awaiting, pid, startedAt}},
			effects: [timer(stopPackWait * 1000), {effect: 'await-pack', pid}],
		};
	};

const keepWaiting =
	(wanted: State['wanted']) =>
	(state: State, event: Event, policy: Policy): Transition =>
		event.event === 'restart' && event.atOnce === true
			? stopLife(wanted)(state, event, policy)
			: {state: {...state, wanted}, effects: []};

/** Nothing has been signalled: a stop can be taken back. A restart goes on. */
const takeBack: Row['start'] = state => {
	const {phase} = state;
	if (phase.name !== 'awaiting-pack' || phase.isBreakingOff) return want('up')(state);
	if (state.wanted === 'up') return ignore(state);
	const {pid, startedAt} = phase;
	return {
		state: {...state, wanted: 'up', phase: {name: 'running', pid, startedAt}},
		effects: [timer(null)],
	};
};

const packing: Row['packing'] = (state, {pid, storages}) => {
	const {phase} = state;
	return phase.name === 'awaiting-pack' && phase.pid === pid
		? {state: {...state, phase: {...phase, packs: storages}}, effects: []}
		: ignore(state);
};

const packOver: Row['pack-over'] = (state, {pid}, policy) =>
	state.phase.name === 'awaiting-pack' && state.phase.pid === pid
		? beginStop(state, state.phase, policy)
		: ignore(state);

/** The jobs first, so that they can tell what happened to them before their server goes away. */
const breakOff = (state: State): Transition => {
	const {phase} = state;
	if (phase.name !== 'awaiting-pack' || phase.isBreakingOff) return ignore(state);
	return {
		state: {...state, phase: {...phase, isBreakingOff: true}},
		effects: [timer(null), {effect: 'end-packs', pid: phase.pid}],
	};
};

/** Whatever ends while a stop waits has been asked to. */
const exitedAwaiting: Row['exited'] = (state, event, policy) => {
	const {phase} = state;
	if (phase.name !== 'awaiting-pack' || phase.pid !== event.pid) return ignore(state);
	const {pid, startedAt} = phase;
	const asked = {name: 'stopping', pid, startedAt, step: 0, ended: null, asked: true} as const;
	const next = exited({...state, phase: asked}, event, policy);
	return event.groupAlive
		? {state: next.state, effects: [...next.effects, ...escalation(pid, 0, policy)]}
		: next;
};

/** SIGTERM, and the clock of the escalation from its beginning: also for a second request. */
const beginStop = (state: State, {pid, startedAt}: Life, policy: Policy): Transition => ({
	state: {
		...state,
		phase: {name: 'stopping', pid, startedAt, step: 0, ended: endedIn(state.phase), asked: true},
	},
	effects: escalation(pid, 0, policy),
});

const endedIn = (phase: Phase): Ending | null => ('ended' in phase ? phase.ended : null);

const escalation = (pid: number, step: number, policy: Policy): readonly Effect[] => {
	const {signal, graceMs} = stepAt(planStop(policy.stopTimeout, policy.backoffLimit), step);
	return [{effect: 'signal-group', pid, signal}, timer(graceMs)];
};

const escalate: Row['elapsed'] = (state, _event, policy) => {
	const {phase} = state;
	if (phase.name !== 'stopping' && phase.name !== 'killing') return ignore(state);
	const step = phase.step + 1;
	return {
		state: {...state, phase: {...phase, name: 'killing', step}},
		effects: escalation(phase.pid, step, policy),
	};
};

const shutdown =
	(next: (state: State, event: Event, policy: Policy) => Transition) =>
	(state: State, event: Extract<Event, {event: 'shutdown'}>, policy: Policy): Transition => {
		const {state: after, effects} = next(state, event, policy);
		return {
			state: after,
			effects: [log('critical', `daemon manager killed by ${event.signal}`), ...effects],
		};
	};

const exited: Row['exited'] = (state, event, policy) => {
	const {phase} = state;
	if (!('pid' in phase) || phase.pid !== event.pid) return ignore(state);
	const {pid, code, signal, now, evidence} = event;
	const asked = 'asked' in phase && phase.asked;
	const life: Ending = {
		pid,
		code,
		signal,
		uptimeMs: now - phase.startedAt,
		expected: asked,
		description: describeExit(event, asked),
		...(evidence !== undefined && {evidence}),
	};
	const noted = log('debug', `controlled process ${pid} exited`);
	if (!event.groupAlive) return after([noted], endOf(state, life, policy));
	const effects: readonly Effect[] = [noted, {effect: 'await-group', pid}];
	if ('ended' in phase) return {state: {...state, phase: {...phase, ended: life}}, effects};
	return {
		state: {...state, phase: {...phase, name: 'stopping', step: 0, ended: life, asked: false}},
		effects: [...effects, ...escalation(pid, 0, policy)],
	};
};

const groupGone: Row['group-gone'] = (state, {pid}, policy) => {
	const ended = endedIn(state.phase);
	return ended === null || ended.pid !== pid ? ignore(state) : endOf(state, ended, policy);
};

/** A life is over, its whole group is gone: start again, pause, or leave. */
const endOf = (state: State, life: Ending, policy: Policy): Transition => {
	const asked = 'asked' in state.phase && state.phase.asked;
	const ended: State = {...state, phase: {name: 'stopped'}, lastExit: life};
	const about = `pid ${life.pid}: ${life.description}`;
	if (!asked && state.wanted === 'up') {
		return after([timer(null)], endUnasked(ended, life, about, policy));
	}
	const next = state.wanted === 'up' ? start(ended) : leaveStopped(ended);
	return after([timer(null), log('info', about)], next);
};

/** The original compares with `exit-codes` after the back-off, so a quick end can be "too frequent" first. */
const endUnasked = (state: State, life: Ending, about: string, policy: Policy): Transition => {
	const decision = decideBackoff(
		{limit: policy.backoffLimit, forever: policy.forever},
		state.backoff,
		life.uptimeMs / 1000,
	);
	const backed: State = {...state, backoff: decision.backoff};
	if (decision.decision === 'give-up') {
		const reason = 'restarting too frequently; quit';
		const phase: Phase = {name: 'failed', reason};
		return leave({...backed, phase}, 1, [log('critical', reason)]);
	}
	const pause =
		decision.decision === 'pause'
			? [log('info', `sleep ${decision.seconds} to avoid rapid restarts`)]
			: [];
	const status = comparableStatus(life);
	if (policy.exitCodes.includes(status)) {
		const code = status < 0 ? 1 : status;
		return leave(backed, code, [...pause, log('info', `${about}; exiting now`)]);
	}
	const noted = [...pause, log('info', about)];
	if (decision.decision === 'restart') return after(noted, startUnasked(backed));
	return {
		state: {...backed, phase: {name: 'backoff', seconds: decision.seconds}},
		effects: [...noted, timer(decision.seconds * 1000)],
	};
};

const leave = (state: State, code: number, noted: readonly Effect[]): Transition => ({
	state: {...state, leaving: code},
	effects: [...noted, {effect: 'leave', code}],
});

const after = (effects: readonly Effect[], next: Transition): Transition => ({
	state: next.state,
	effects: [...effects, ...next.effects],
});

const log = (level: 'debug' | 'info' | 'critical', text: string): Effect => ({
	effect: 'log',
	level,
	text,
});

const timer = (ms: number | null): Effect => ({effect: 'timer', ms});

/** Takes note of what is wanted; acted on when the spawn has succeeded or failed. */
const want =
	(wanted: State['wanted']) =>
	(state: State): Transition => ({state: {...state, wanted}, effects: []});

const nothing = {
	start: ignore,
	restart: ignore,
	stop: ignore,
	shutdown: shutdown(ignore),
	spawned: ignore,
	'spawn-failed': ignore,
	adopted: ignore,
	refused: ignore,
	ready: ignore,
	exited: ignore,
	'group-gone': ignore,
	packing: ignore,
	'pack-over': ignore,
	'handed-over': ignore,
	elapsed: ignore,
} satisfies Row;

/** No program. */
const down: Row = {
	...nothing,
	start,
	restart: start,
	stop: leaveStopped,
	shutdown: shutdown(leaveStopped),
};

const spawning: Row = {
	...nothing,
	start: want('up'),
	restart: want('up'),
	stop: want('down'),
	shutdown: shutdown(want('down')),
	spawned,
	'spawn-failed': spawnFailed,
	adopted,
	refused,
};

/** A program that runs and is wanted. */
const up: Row = {
	...nothing,
	restart: stopLife('up'),
	stop: stopLife('down'),
	shutdown: shutdown(stopLife('down')),
	ready,
	exited,
};

/** A program that serves. */
const serving: Row = {
	...up,
	ready: ignore,
	restart: stopServing('up'),
	stop: stopServing('down'),
	shutdown: shutdown(stopServing('down')),
};

/** A program that is to be stopped when its pack is over; a second signal does not wait any longer. */
const awaitingPack: Row = {
	...nothing,
	start: takeBack,
	restart: keepWaiting('up'),
	stop: keepWaiting('down'),
	shutdown: shutdown(state => breakOff({...state, wanted: 'down'})),
	packing,
	'pack-over': packOver,
	exited: exitedAwaiting,
	elapsed: breakOff,
};

/** A program that is being stopped; a later request replaces an earlier one. */
const ending: Row = {
	...up,
	start: want('up'),
	ready: ignore,
	'group-gone': groupGone,
	elapsed: escalate,
};

const table = {
	stopped: down,
	spawning,
	starting: up,
	running: {...serving, 'handed-over': handedOver},
	'awaiting-pack': awaitingPack,
	stopping: ending,
	killing: ending,
	backoff: {...down, elapsed: startUnasked},
	failed: down,
} satisfies Record<Phase['name'], Row>;
