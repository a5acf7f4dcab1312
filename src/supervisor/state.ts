import type {ExitStatus} from '../program/exit-report.js';

/** What the conf says about one program. Times are seconds. */
export type Policy = {
	readonly backoffLimit: number;
	readonly forever: boolean;
	readonly exitCodes: readonly number[];
	readonly stopTimeout: number;
	/** How long a stop waits for a pack that is under way; absent or 0: not at all. */
	readonly stopPackWait?: number;
};

/** A process that was started; `startedAt` is a monotonic time in milliseconds. */
export type Life = {readonly pid: number; readonly startedAt: number};

export type Phase =
	| {readonly name: 'stopped'}
	/** The program is on its way into being; requests are noted in `wanted`. */
	| {readonly name: 'spawning'}
	| ({readonly name: 'starting'} & Life)
	| ({readonly name: 'running'} & Life)
	| PackPhase
	| StopPhase
	| {readonly name: 'backoff'; readonly seconds: number}
	| {readonly name: 'failed'; readonly reason: string};

/** It is to end, but nothing has been signalled yet: its end would spoil a pack. */
type PackPhase = {
	readonly name: 'awaiting-pack';
	/** The storages that are being packed; empty until one is seen. */
	readonly packs: readonly string[];
	/** The wait is over, the jobs that asked for the packs are being ended. */
	readonly isBreakingOff: boolean;
} & Life;

type StopPhase = {
	readonly name: 'stopping' | 'killing';
	readonly step: number;
	/** Set once the leader has ended while members of its group live on. */
	readonly ended: Ending | null;
	/** Whether somebody asked for it, be it after the leader has ended by itself: then what follows was asked for. */
	readonly asked: boolean;
} & Life;

/** How a life ended; `expected` when a request had asked for it before. */
export type Ending = ExitStatus & {
	readonly pid: number;
	readonly uptimeMs: number;
	readonly expected: boolean;
	readonly description: string;
};

export type State = {
	readonly phase: Phase;
	readonly wanted: 'up' | 'down';
	/** Present step of the back-off, 0 when the last life was long enough. */
	readonly backoff: number;
	/** Starts that nobody asked for. */
	readonly restarts: number;
	readonly lastExit: Ending | null;
	/** Set when the supervisor has decided to leave: its own exit status. */
	readonly leaving: number | null;
	/** Whether the present life was begun by an earlier supervisor. */
	readonly adopted: boolean;
};

/** What each event carries; `now` is a monotonic time in milliseconds. */
type EventFields = {
	start: object;
	stop: object;
	/** `atOnce`: the program is of no use, there is nothing to wait for. */
	restart: {readonly atOnce?: true};
	/** Seen while a stop waits: these storages are being packed. */
	packing: {readonly pid: number; readonly storages: readonly string[]};
	/** No pack is under way, or no more. */
	'pack-over': {readonly pid: number};
	/** The supervisor itself is asked to end, by a signal. */
	shutdown: {readonly signal: string};
	spawned: {readonly pid: number; readonly now: number};
	'spawn-failed': {readonly reason: string};
	/** The program of an earlier supervisor still runs; `startedAt` may lie before our own beginning, below 0. */
	adopted: {readonly pid: number; readonly startedAt: number};
	/** Starting could do harm; nothing was started. */
	refused: {readonly reason: string};
	/** The program has stayed alive, or has passed its readiness test. */
	ready: {readonly pid: number};
	/** `groupAlive`: other members of its process group are still there. */
	exited: {readonly pid: number; readonly now: number; readonly groupAlive: boolean} & ExitStatus;
	'group-gone': {readonly pid: number};
	/** A successor has the program and the control socket now. */
	'handed-over': object;
	/** The one timer of the machine has run down. */
	elapsed: object;
};

export type EventName = keyof EventFields;
export type Event<Name extends EventName = EventName> = {
	[Each in Name]: {readonly event: Each} & EventFields[Each];
}[Name];

export type Effect =
	| {readonly effect: 'spawn'}
	| {readonly effect: 'signal-group'; readonly pid: number; readonly signal: 'SIGTERM' | 'SIGKILL'}
	| {readonly effect: 'await-ready'; readonly pid: number}
	| {readonly effect: 'await-group'; readonly pid: number}
	/** Tells what is being packed, and when nothing is. */
	| {readonly effect: 'await-pack'; readonly pid: number}
	/** Ends the jobs that asked for the packs. */
	| {readonly effect: 'end-packs'; readonly pid: number}
	/** Replaces the timer; null clears it. */
	| {readonly effect: 'timer'; readonly ms: number | null}
	| {
			readonly effect: 'log';
			readonly level: 'debug' | 'info' | 'critical';
			readonly text: string;
	  }
	/** The supervisor ends with this exit status; nothing follows. */
	| {readonly effect: 'leave'; readonly code: number};

export type Transition = {readonly state: State; readonly effects: readonly Effect[]};

export const initialState: State = {
	phase: {name: 'stopped'},
	wanted: 'down',
	backoff: 0,
	restarts: 0,
	lastExit: null,
	leaving: null,
	adopted: false,
};
