import type {Health} from '../control/messages.js';
import type {TakeLook, WatchedProgram} from './look.js';
import {type Action, firstMemory, judge, type Limits} from './thresholds.js';

export type ProberOptions = {
	readonly takeLook: TakeLook;
	readonly limits: Limits;
	/** From the beginning of one look to that of the next. */
	readonly intervalMs: number;
	readonly after: (ms: number, callback: () => void) => () => void;
	readonly monotonicMs: () => number;
	readonly unixSeconds: () => number;
	/** Called when something of it has changed. */
	readonly onHealth: (health: Health) => void;
	readonly onAction: (action: Action) => void;
};

/** The periodic look at one program. */
export type Prober = {
	/** Tells of a new life or state, which is looked at once, out of turn. */
	update(program: WatchedProgram): void;
	/** Milliseconds that the present look has taken so far; 0 between two looks. */
	lookingMs(): number;
	close(): void;
};

/** Looks at the program once in every interval, by the one timer of all periodic checks, and sleeps in between. */
export const startProber = (options: ProberOptions): Prober => {
	const {takeLook, limits, intervalMs, after, monotonicMs, unixSeconds} = options;
	let program: WatchedProgram = {pid: null, state: 'down', startedAt: 0};
	let memory = firstMemory(unixSeconds());
	let looking = new AbortController();
	let cancelTimer = (): void => undefined;
	let lookBegan: number | undefined;

	const look = async (signal: AbortSignal): Promise<void> => {
		const began = monotonicMs();
		lookBegan = began;
		const found = await takeLook(program, signal).catch(() => undefined);
		if (signal.aborted) return;
		lookBegan = undefined;
		const rest = Math.max(0, intervalMs - (monotonicMs() - began));
		cancelTimer = after(rest, lookAgain);
		if (found === undefined) return;
		const judged = judge(memory, found, limits);
		const isNew = JSON.stringify(judged.memory.health) !== JSON.stringify(memory.health);
		memory = isNew ? judged.memory : {...judged.memory, health: memory.health};
		if (isNew) options.onHealth(memory.health);
		if (judged.action !== undefined) options.onAction(judged.action);
	};

	const lookAgain = (): void => {
		looking.abort();
		cancelTimer();
		looking = new AbortController();
		void look(looking.signal);
	};

	options.onHealth(memory.health);
	lookAgain();
	return {
		update(next) {
			if (next.pid === program.pid && next.state === program.state) return;
			program = next;
			lookAgain();
		},
		lookingMs: () => (lookBegan === undefined ? 0 : monotonicMs() - lookBegan),
		close() {
			looking.abort();
			cancelTimer();
			lookBegan = undefined;
		},
	};
};
