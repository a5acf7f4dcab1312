/** One step of a stop: the signal for the whole process group, and how long to wait before the next step. */
export type StopStep = {
	readonly signal: 'SIGTERM' | 'SIGKILL';
	/** Milliseconds, or null to wait without limit. */
	readonly graceMs: number | null;
};

/**
 * The escalation of a stop. `stop-timeout 0` never kills. SIGKILL is repeated every `backoff-limit` seconds, as
 * the original does, because a process in uninterruptible sleep can outlive the first one.
 */
export const planStop = (stopTimeout: number, backoffLimit: number): readonly StopStep[] =>
	stopTimeout <= 0
		? [{signal: 'SIGTERM', graceMs: null}]
		: [
				{signal: 'SIGTERM', graceMs: stopTimeout * 1000},
				{signal: 'SIGKILL', graceMs: Math.max(1, backoffLimit) * 1000},
			];

/** The step that follows, the last one again and again. */
export const stepAt = (plan: readonly StopStep[], index: number): StopStep =>
	plan[Math.min(index, plan.length - 1)] ?? {signal: 'SIGKILL', graceMs: 1000};
