import type {Status} from '../control/messages.js';
import {transition} from './machine.js';
import type {Ports, SpawnedProgram} from './ports.js';
import {type Effect, type Event, initialState, type Policy, type State} from './state.js';
import {describeStatus, type Notes} from './status.js';

/** What a supervisor is told once, and repeats in every status. */
export type Identity = {
	readonly manager: number;
	readonly version: string;
	readonly filename: string;
	readonly argv: readonly string[];
};

/**
 * Runs the machine: one queue of events, each transition's effects performed in order. Owns the running program,
 * the one timer and the list of those who watch the status.
 */
export class Supervisor {
	readonly #ports: Ports;
	readonly #policy: Policy;
	readonly #identity: Identity;
	readonly #queue: Event[] = [];
	readonly #watchers = new Set<(status: Status) => void>();
	#state: State = initialState;
	#since: number;
	#lastStart = 0;
	#lastExitAt = 0;
	#timerDue = 0;
	#lastOutput: readonly string[] = [];
	#described: Status | undefined;
	#notes: Notes = {health: null, transcript: null, configuration: null, handover: null};
	#inheritedSince: number | undefined;
	#sickness: {readonly pid: number; readonly reason: string} | undefined;
	#cancelTimer: () => void = () => undefined;
	/** While it is open whether the program is ready. */
	#readiness: AbortController | undefined;
	#packWait = new AbortController();
	#program: SpawnedProgram | undefined;
	#busy = false;
	#isHeld = false;

	constructor(ports: Ports, policy: Policy, identity: Identity) {
		this.#ports = ports;
		this.#policy = policy;
		this.#identity = identity;
		this.#since = ports.clock.unixSeconds();
	}

	get state(): State {
		return this.#state;
	}

	/** Takes an event in; it has been acted on when this returns, unless called from within an effect. */
	dispatch(event: Event): void {
		this.#queue.push(event);
		this.#drain();
	}

	/** Lets events wait, while it is open who has the program: this supervisor, or a successor. */
	hold(): void {
		this.#isHeld = true;
	}

	/** The program stays ours: goes on with the events that have waited. */
	resume(): void {
		this.#isHeld = false;
		this.#drain();
	}

	/** The program is the successor's: whatever has happened meanwhile is left to it. */
	leaveToSuccessor(): void {
		this.#queue.length = 0;
		this.#isHeld = false;
		this.dispatch({event: 'handed-over'});
	}

	/** Goes on, from before the first event, where a predecessor with this last status stopped. */
	inherit({restarts, lastExit, since, lastOutput, health}: Status): void {
		const ended = lastExit && {...lastExit, uptimeMs: lastExit.uptime * 1000};
		this.#state = {...this.#state, restarts: restarts ?? 0, lastExit: ended};
		this.#lastExitAt = lastExit?.at ?? 0;
		this.#lastOutput = lastOutput;
		this.#notes = {...this.#notes, health};
		this.#inheritedSince = since ?? undefined;
	}

	#drain(): void {
		if (this.#busy || this.#isHeld) return;
		this.#busy = true;
		try {
			for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
				this.#step(next);
			}
		} finally {
			this.#busy = false;
		}
	}

	/** The present status; described anew only when something has changed, because a client may ask all day. */
	status(): Status {
		this.#described ??= this.#describe();
		return {...this.#described, now: this.#ports.clock.unixSeconds()};
	}

	#describe(): Status {
		return describeStatus(this.#state, {
			...this.#identity,
			now: 0,
			since: this.#since,
			lastStart: this.#lastStart,
			lastExitAt: this.#lastExitAt,
			timerDue: this.#timerDue,
			backoffLimit: this.#policy.backoffLimit,
			isTest: this.#ports.readiness.isTest,
			lastOutput: this.#lastOutput,
			...this.#notes,
		});
	}

	/** Takes over what somebody has found out. */
	note(notes: Partial<Notes>): void {
		this.#notes = {...this.#notes, ...notes};
		this.#described = undefined;
		this.#announce();
	}

	/** Replaces a program that lives but is of no use; the record of its end will name the reason. */
	restartSick(pid: number, reason: string): void {
		const {phase} = this.#state;
		if (!('pid' in phase) || phase.pid !== pid) return;
		this.#sickness = {pid, reason};
		this.dispatch({event: 'restart', atOnce: true});
	}

	/** Ends a program that was asked to end and does not. */
	killSick(pid: number): void {
		const {phase} = this.#state;
		if (phase.name !== 'stopping' && phase.name !== 'killing') return;
		if (phase.pid === pid) this.#program?.signalGroup('SIGKILL');
	}

	/** Calls back at once with the present status, then after every change, until the returned function is called. */
	watch(listener: (status: Status) => void): () => void {
		this.#watchers.add(listener);
		listener(this.status());
		return () => this.#watchers.delete(listener);
	}

	#step(event: Event): void {
		this.#described = undefined;
		const before = this.#state;
		const {state, effects} = transition(before, event, this.#policy);
		this.#state = state;
		const now = this.#ports.clock.unixSeconds();
		if (before.phase.name === 'awaiting-pack' && state.phase.name !== 'awaiting-pack')
			this.#packWait.abort();
		if (state.phase.name !== before.phase.name) {
			this.#since = (event.event === 'adopted' ? this.#inheritedSince : undefined) ?? now;
		}
		if (state.lastExit !== before.lastExit) {
			this.#lastExitAt = now;
			this.#lastOutput = this.#ports.spawner.lastOutput();
			this.#recordEnd(state);
		}
		const leaving = effects.find(effect => effect.effect === 'leave');
		for (const effect of effects) this.#trace(effect);
		this.#described = undefined;
		if (state !== before) this.#announce();
		if (leaving !== undefined) this.#ports.leave(leaving.code);
	}

	#recordEnd({lastExit, phase, leaving, wanted}: State): void {
		if (lastExit === null) return;
		const isStopped = wanted === 'down' && !lastExit.expected;
		const next = phase.name === 'backoff' ? 'pause' : 'restart';
		const decision = leaving === null ? next : isStopped ? 'stop' : 'leave';
		this.#ports.history.ended(lastExit, decision, this.#lastOutput);
	}

	#announce(): void {
		if (this.#watchers.size === 0) return;
		const status = this.status();
		for (const listener of this.#watchers) tell(listener, status);
	}

	#trace(effect: Effect): void {
		const {trace} = this.#ports;
		trace?.('before', effect.effect);
		this.#perform(effect);
		trace?.('after', effect.effect);
	}

	#perform(effect: Effect): void {
		switch (effect.effect) {
			case 'spawn':
				this.#spawn();
				break;
			case 'signal-group':
				this.#program?.signalGroup(effect.signal);
				// A process that was stopped (SIGSTOP) can only end once it goes on.
				if (effect.signal === 'SIGTERM') this.#program?.signalGroup('SIGCONT');
				break;
			case 'await-ready':
				this.#awaitReady(effect.pid);
				break;
			case 'await-group':
				this.#awaitGroup(effect.pid);
				break;
			case 'await-pack':
				this.#awaitPack(effect.pid);
				break;
			case 'end-packs':
				this.#endPacks(effect.pid);
				break;
			case 'timer':
				this.#setTimer(effect.ms);
				break;
			case 'log':
				this.#ports.log[effect.level](effect.text);
				break;
			case 'leave':
				break;
		}
	}

	#spawn(): void {
		const {spawner, clock, history} = this.#ports;
		let pid = 0;
		spawner
			.spawn(exit => {
				this.#readiness?.abort();
				this.#readiness = undefined;
				const {reason} = this.#sickness?.pid === pid ? this.#sickness : {};
				const status = reason === undefined ? exit : {...exit, cause: reason};
				this.dispatch({event: 'exited', pid, now: clock.monotonicMs(), ...status});
			})
			.then(
				outcome => {
					if (outcome.outcome === 'refused') {
						history.refused(outcome.reason);
						this.dispatch({event: 'refused', reason: outcome.reason});
						return;
					}
					const {program} = outcome;
					pid = program.pid;
					this.#program = program;
					const [unix, now] = [clock.unixSeconds(), clock.monotonicMs()];
					if (outcome.outcome === 'spawned') {
						this.#lastStart = unix;
						history.started(pid);
						this.dispatch({event: 'spawned', pid, now});
						return;
					}
					this.#lastStart = outcome.startedAt;
					history.adopted(pid);
					const startedAt = now - (unix - outcome.startedAt) * 1000;
					this.dispatch({event: 'adopted', pid, startedAt});
				},
				(error: Error) => this.dispatch({event: 'spawn-failed', reason: error.message}),
			);
	}

	#awaitReady(pid: number): void {
		const controller = new AbortController();
		this.#readiness = controller;
		const {backoff, lastExit} = this.#state;
		const hasFailed = lastExit === null ? this.#ports.history.hasFailed : backoff > 0;
		const ready = this.#ports.readiness.wait(
			pid,
			controller.signal,
			hasFailed,
			this.#program?.executedMs,
		);
		void ready.then(() => {
			if (controller.signal.aborted) return;
			this.#readiness = undefined;
			this.dispatch({event: 'ready', pid});
		});
	}

	#awaitGroup(pid: number): void {
		void this.#program?.groupGone().then(() => this.dispatch({event: 'group-gone', pid}));
	}

	#awaitPack(pid: number): void {
		this.#packWait.abort();
		const controller = new AbortController();
		this.#packWait = controller;
		const {packs} = this.#ports;
		const onPacking = (storages: readonly string[]): void => {
			if (!controller.signal.aborted) this.dispatch({event: 'packing', pid, storages});
		};
		const over = packs?.wait(pid, onPacking, controller.signal) ?? Promise.resolve();
		void over.then(() => {
			if (!controller.signal.aborted) this.dispatch({event: 'pack-over', pid});
		});
	}

	#endPacks(pid: number): void {
		this.#packWait.abort();
		const ended = this.#ports.packs?.end() ?? Promise.resolve();
		void ended.then(() => this.dispatch({event: 'pack-over', pid}));
	}

	#setTimer(ms: number | null): void {
		const {timers, clock} = this.#ports;
		this.#cancelTimer();
		this.#timerDue = ms === null ? 0 : clock.unixSeconds() + ms / 1000;
		this.#cancelTimer =
			ms === null
				? () => undefined
				: timers.after(ms, () => {
						this.#timerDue = 0;
						this.#described = undefined;
						this.dispatch({event: 'elapsed'});
					});
	}
}

/** The mistake of one who watches must not keep the others, or what is decided, from being told: it is thrown apart. */
const tell = (listener: (status: Status) => void, status: Status): void => {
	try {
		listener(status);
	} catch (error) {
		queueMicrotask(() => {
			throw error;
		});
	}
};
