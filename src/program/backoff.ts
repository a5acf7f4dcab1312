/** The keys of `<runner>` that govern restarts; `limit` is `backoff-limit`, both a count and seconds. */
export type BackoffPolicy = {readonly limit: number; readonly forever: boolean};

export type BackoffDecision =
	| {readonly decision: 'restart'; readonly backoff: 0}
	| {readonly decision: 'pause'; readonly backoff: number; readonly seconds: number}
	| {readonly decision: 'give-up'; readonly backoff: number};

/**
 * What to do after an end that nobody asked for. A life shorter than `limit` seconds makes the next pause one
 * second longer; the `limit`-th in a row gives up, or with `forever` pauses `limit` seconds again and again.
 * A limit below one would restart without pause or end, so it means a pause of one second, for ever.
 */
export const decideBackoff = (
	{limit, forever}: BackoffPolicy,
	previous: number,
	uptimeSeconds: number,
): BackoffDecision => {
	const steps = Math.max(1, limit);
	if (uptimeSeconds >= steps) return {decision: 'restart', backoff: 0};
	const next = previous + 1;
	if (next < steps) return {decision: 'pause', backoff: next, seconds: next};
	if (forever || limit < 1) return {decision: 'pause', backoff: steps, seconds: steps};
	return {decision: 'give-up', backoff: next};
};
