import {fstatSync} from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Microseconds within which systemd expects a beat; undefined without a watchdog. `WATCHDOG_PID` is that of the
 * first supervisor of a service: one that has taken its place goes on with the same interval.
 */
export const readWatchdogUsec = (environment: Environment): number | undefined => {
	const text = environment['WATCHDOG_USEC'];
	return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined;
};

/**
 * Whether what is written to the descriptor goes to the journal: systemd names its stream by device and inode, so
 * that an inherited variable is not believed after a redirection (`systemd.exec(5)`).
 */
export const isJournal = (environment: Environment, descriptor: number): boolean => {
	const stream = environment['JOURNAL_STREAM'];
	if (stream === undefined) return false;
	try {
		const {dev, ino} = fstatSync(descriptor, {bigint: true});
		return stream === `${dev}:${ino}`;
	} catch {
		return false;
	}
};
