import type {Activity, Health} from '../control/messages.js';
import type {HealthSettings} from '../settings/settings.js';
import type {Finding} from './alarms.js';
import type {Phase} from './phase.js';
import type {ProbeResult} from './probe.js';

/** The program at the moment of a look. Times are Unix seconds. */
export type ProgramLook = {
	readonly pid: number | null;
	readonly state: 'starting' | 'running' | 'ending' | 'down';
	readonly startedAt: number;
	/** As `/proc` has it: `T` is stopped, `D` waits for a disk. */
	readonly processState: string | undefined;
};

/** All that one look found. */
export type Look = {
	/** Unix seconds. */
	readonly now: number;
	readonly program: ProgramLook;
	/** Undefined when nobody was asked. */
	readonly probe: ProbeResult | undefined;
	readonly phase: Phase;
	readonly findings: readonly Finding[];
};

export type Limits = Pick<HealthSettings, 'failures' | 'action'> & {
	/** Seconds that a server may take until it listens. */
	readonly startTimeout: number;
	/** Seconds from SIGTERM to SIGKILL of a stop; 0 never kills. */
	readonly stopTimeout: number;
};

/** What is to be done about the server. */
export type Action = {
	readonly action: 'restart' | 'kill';
	readonly pid: number;
	readonly reason: string;
};

export type Memory = {
	readonly health: Health;
	readonly pid: number | null;
	/** Looks in a row that found the server sick. */
	readonly failures: number;
	/** Restarts of ours without a healthy answer since. */
	readonly restartsInRow: number;
	/** The server that was asked to end. */
	readonly ending: {readonly pid: number; readonly at: number} | null;
	/** Since when each alarm is there. */
	readonly alarmSince: ReadonlyMap<string, number>;
};

/** A sick server gets no longer than this to end by itself, unless it still gets somewhere. In seconds. */
const sickGrace = 30;
/** Each restart that did not help doubles the looks until the next one, so many times. */
const mostDoublings = 5;

export const firstMemory = (now: number): Memory => ({
	health: {
		verdict: 'unknown',
		since: now,
		reason: null,
		activities: [],
		alarms: [],
		lastRestart: null,
	},
	pid: null,
	failures: 0,
	restartsInRow: 0,
	ending: null,
	alarmSince: new Map(),
});

/** What a look means after all those before it, and what is to be done; pure. */
export const judge = (
	before: Memory,
	look: Look,
	limits: Limits,
): {readonly memory: Memory; readonly action: Action | undefined} => {
	const judged = judgeProgram(before, look, limits);
	const action = decide(judged, before, look, limits);
	const isRestart = action?.action === 'restart';
	const {now, program} = look;
	const {health} = before;
	const alarms = look.findings.map(finding => sinceWhen(finding, before, now));
	return {
		memory: {
			health: {
				verdict: judged.verdict,
				since: judged.verdict === health.verdict ? health.since : now,
				reason: judged.reason,
				activities: look.phase.activities.map(activity => ({
					...activity,
					since: health.activities.find(each => isSame(each, activity))?.since ?? now,
				})),
				alarms: alarms.map(({alarm}) => alarm),
				lastRestart: isRestart ? {at: now, reason: action.reason} : health.lastRestart,
			},
			pid: program.pid,
			failures: judged.failures,
			restartsInRow: judged.verdict === 'ready' ? 0 : before.restartsInRow + (isRestart ? 1 : 0),
			ending: isRestart ? {pid: action.pid, at: now} : before.ending,
			alarmSince: new Map(alarms.map(({key, alarm}) => [key, alarm.since])),
		},
		action,
	};
};

type Judged = Pick<Health, 'verdict' | 'reason'> & {readonly failures: number};

const judgeProgram = (before: Memory, look: Look, limits: Limits): Judged => {
	const {probe, program} = look;
	const earlier = before.pid === program.pid ? before : firstMemory(look.now);
	const {failures} = earlier;
	if (program.state === 'ending' && before.ending?.pid === program.pid) {
		return {verdict: 'failed', reason: before.health.reason, failures};
	}
	if (program.state === 'down' || program.state === 'ending' || probe === undefined) {
		const isAsked = program.state === 'starting' || program.state === 'running';
		const {verdict, reason} = isAsked ? earlier.health : unknownVerdict;
		return {verdict, reason, failures: isAsked ? failures : 0};
	}
	if (probe.probe === 'ready') return {verdict: 'ready', reason: null, failures: 0};
	const reason = `${probe.reason}${describeProcess(program)}`;
	if (probe.problem === 'missing-storage') return {verdict: 'unready', reason, failures: 0};
	const excuse = findExcuse(look, limits);
	if (excuse !== undefined) {
		return {verdict: 'unready', reason: `${reason} (${excuse})`, failures};
	}
	const verdict = failures + 1 >= limits.failures ? 'failed' : 'unready';
	return {verdict, reason, failures: failures + 1};
};

const unknownVerdict = {verdict: 'unknown', reason: null} as const;

/** What the operating system says about a process that does not answer. */
const describeProcess = ({processState}: ProgramLook): string => {
	switch (processState) {
		case 'T':
			return '; the process is stopped (SIGSTOP)';
		case 't':
			return '; the process is held by a debugger';
		case 'D':
			return '; the process waits for a disk';
		default:
			return '';
	}
};

/** Why a server that does not answer is not taken for hung. */
const findExcuse = ({now, probe, program, phase}: Look, limits: Limits): string | undefined => {
	const [activity] = phase.activities;
	if (activity !== undefined && phase.isProgressing) {
		const verb = activity.activity === 'pack' ? 'it packs' : 'it reads the index of';
		return `${verb} storage '${activity.storage}'`;
	}
	const isEarly = now - program.startedAt < limits.startTimeout;
	return program.state === 'starting' && probe?.probe === 'absent' && isEarly
		? 'it has just been started'
		: undefined;
};

const decide = (
	{verdict, reason, failures}: Judged,
	before: Memory,
	{now, program, phase, findings}: Look,
	limits: Limits,
): Action | undefined => {
	const {pid, state} = program;
	if (pid === null || limits.action === 'alarm' || reason === null) return undefined;
	if (state === 'ending') {
		const grace = Math.min(sickGrace, limits.stopTimeout);
		const isOver = before.ending?.pid === pid && now - before.ending.at >= grace;
		return isOver && grace > 0 && !phase.isProgressing ? {action: 'kill', pid, reason} : undefined;
	}
	// The end of the server would be that of its data, or of its service.
	if (findings.some(({alarm}) => alarm === 'deleted-file' || alarm === 'no-restart'))
		return undefined;
	const needed = limits.failures * 2 ** Math.min(before.restartsInRow, mostDoublings);
	return verdict === 'failed' && failures >= needed ? {action: 'restart', pid, reason} : undefined;
};

const isSame = (one: Activity, other: Omit<Activity, 'since'>): boolean =>
	one.activity === other.activity && one.storage === other.storage;

const sinceWhen = ({subject, ...finding}: Finding, {alarmSince}: Memory, now: number) => {
	const key = `${finding.alarm} ${subject}`;
	return {key, alarm: {...finding, since: finding.since ?? alarmSince.get(key) ?? now}};
};
