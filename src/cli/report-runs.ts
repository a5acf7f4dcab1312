import type {HistoryRecord} from '../history/history.js';
import type {PackRun} from '../pack/run.js';
import {errorMessage} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import {openOffice} from './office.js';
import {pingWatchdog} from './ping.js';
import {writeReports} from './write-reports.js';

/**
 * Makes a run of packs and tells the world: a watchdog at its start and end, and a mail about it. A run that was
 * interrupted leaves its report in the outbox, because whoever interrupts does not wait long.
 */
export const reportingRun = async (
	context: InstanceContext,
	stillDue: () => boolean = () => true,
	run: () => Promise<PackRun>,
): Promise<PackRun> => {
	const begun = stillDue() ? pingWatchdog(context, 'start') : undefined;
	const done = await run();
	if (done.result === 'not-due') return done;
	await begun;
	const isGood = done.records.every(
		({outcome}) => outcome === 'packed' || outcome === 'nothing-to-drop',
	);
	const isHasty = done.result === 'interrupted';
	const told = isHasty ? undefined : pingWatchdog(context, isGood ? 'success' : 'failure');
	await reportRuns(context, done.unwritten, isHasty ? {seconds: 0} : {});
	await told;
	return done;
};

/** Seconds that the end of a run tries to deliver its report; later attempts are made by others. */
const patienceSeconds = 120;

/**
 * The last step of a run of packs: reports every run that has no report yet, also one that was broken off, and tries to
 * deliver. `unwritten`: records that the history could not take. Never throws: what fails is said on standard error, and stays to be done. With `seconds` 0 the report is
 * kept, and left to the next delivery.
 */
const reportRuns = async (
	context: InstanceContext,
	unwritten: readonly HistoryRecord[],
	{seconds = patienceSeconds}: {readonly seconds?: number},
): Promise<void> => {
	const written = openOffice(context);
	const office = {...written, history: () => [...written.history(), ...unwritten]};
	try {
		const {hashes, unkept} = writeReports(office);
		if (office.mail === undefined || seconds <= 0 || hashes.size + unkept.length === 0) return;
		// What speaks SMTP is read into memory when there is something to say.
		const {deliverMail, sendUnkept} = await import('./deliver-mail.js');
		await sendUnkept(office, unkept);
		await deliverMail(office, {hashes, seconds});
	} catch (error) {
		office.warn(`cannot report: ${errorMessage(error)}`);
	}
};
