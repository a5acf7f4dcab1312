/** What signals to the supervisor ask for. */
type SignalHandlers = {
	/** End, after the program has been stopped. */
	shutdown(signal: NodeJS.Signals): void;
	/** Reopen the logs. */
	reopen(): void;
};

/** Signals that this process does not die of any more. */
export type Signals = {
	/** From now on these answer, also what has come before. */
	answerWith(handlers: SignalHandlers): void;
	close(): void;
};

/** Listens until it is closed. SIGUSR1 is taken over because Node would open its debugger on it. */
export const listenForSignals = (): Signals => {
	let handlers: SignalHandlers | undefined;
	let early: readonly NodeJS.Signals[] = [];
	const act = (signal: NodeJS.Signals): void => {
		if (handlers === undefined) early = [...early, signal];
		else if (signal === 'SIGUSR2') handlers.reopen();
		else if (signal !== 'SIGUSR1') handlers.shutdown(signal);
	};
	for (const signal of signals) process.on(signal, act);
	return {
		answerWith(next) {
			handlers = next;
			for (const signal of early) act(signal);
			early = [];
		},
		close() {
			for (const signal of signals) process.off(signal, act);
		},
	};
};

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
