/** What a watchdog on the web is told, as healthchecks.io understands it. */
export type PingState = 'start' | 'success' | 'failure';

const suffixes = {start: '/start', success: '', failure: '/fail'} as const;
const usualLimitMs = 10_000;

/**
 * Calls the address of a watchdog. Never throws, and takes no longer than the limit; resolves to why it failed, without
 * the address, which is a secret.
 */
export const ping = async (
	address: string,
	state: PingState,
	limitMs = usualLimitMs,
): Promise<string | undefined> => {
	try {
		const url = new URL(address);
		url.pathname = `${url.pathname.replace(/\/$/, '')}${suffixes[state]}`;
		const answer = await fetch(url, {signal: AbortSignal.timeout(limitMs)});
		await answer.body?.cancel();
		return answer.ok ? undefined : `it answers with status ${answer.status}`;
	} catch (error) {
		return reasonOf(error);
	}
};

const reasonOf = (error: unknown): string => {
	if (!(error instanceof Error)) return 'it cannot be called';
	if (error.name === 'TimeoutError') return 'it does not answer in time';
	const {cause} = error;
	const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
	return typeof code === 'string' ? `it cannot be reached (${code})` : 'it cannot be called';
};
