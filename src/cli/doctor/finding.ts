/**
 * How one thing stands. `unknown`: it cannot be seen from here. `idle`: there is nothing of the kind. A `warning` may be
 * meant so, an `error` stands in the way of something.
 */
export type Level = 'ok' | 'warning' | 'error' | 'unknown' | 'idle';

/** What a check says about one thing. */
export type Finding = {
	readonly level: Level;
	/** One line; may hold foreign text. */
	readonly message: string;
	/** What to do, one sentence, where a command alone does not do it. */
	readonly advice?: string;
	/** What repairs it, or leads on, ready for a shell. */
	readonly command?: string;
};

type Remedy = Pick<Finding, 'advice' | 'command'>;

export const fine = (message: string): Finding => ({level: 'ok', message});

export const idle = (message: string): Finding => ({level: 'idle', message});

export const unknown = (message: string, remedy: Remedy = {}): Finding => ({
	level: 'unknown',
	message,
	...remedy,
});

export const warning = (message: string, remedy: Remedy): Finding => ({
	level: 'warning',
	message,
	...remedy,
});

export const error = (message: string, remedy: Remedy): Finding => ({
	level: 'error',
	message,
	...remedy,
});

/** What is found where nothing is wrong, else what is. */
export const orFine = (troubles: readonly Finding[], message: string): readonly Finding[] =>
	troubles.length > 0 ? troubles : [fine(message)];

/** The worst first. */
const byDanger: readonly Level[] = ['error', 'warning', 'unknown', 'ok', 'idle'];

/** How a check as a whole stands: as the worst that it found. */
export const worstLevel = (findings: readonly Finding[]): Level =>
	byDanger.find(level => findings.some(finding => finding.level === level)) ?? 'idle';
