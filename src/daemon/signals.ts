/** What signals to the supervisor ask for. */
export type SignalHandlers = {
	/** End, after the program has been stopped. */
	shutdown(signal: NodeJS.Signals): void;
	/** Reopen the logs. */
	reopen(): void;
};

/**
 * Listens for signals until the returned function is called. SIGUSR1 is taken over because Node would open its
 * debugger on it.
 */
export const listenForSignals = ({shutdown, reopen}: SignalHandlers): (() => void) => {
	const listeners: readonly (readonly [NodeJS.Signals, (signal: NodeJS.Signals) => void])[] = [
		['SIGTERM', shutdown],
		['SIGINT', shutdown],
		['SIGHUP', shutdown],
		['SIGQUIT', shutdown],
		['SIGUSR2', reopen],
		['SIGUSR1', () => undefined],
	];
	for (const [signal, listener] of listeners) process.on(signal, listener);
	return () => {
		for (const [signal, listener] of listeners) process.off(signal, listener);
	};
};
