import {errorMessage} from '../platform/errors.js';
import type {InstanceContext} from './command.js';
import {openOffice} from './office.js';
import {writeReports} from './write-reports.js';

/** Seconds that the end of a run tries to deliver its report; later attempts are made by others. */
const patienceSeconds = 120;

/**
 * The last step of a run of packs: reports every run that has no report yet, also one that was broken off, and tries to
 * deliver. Never throws: what fails is said on standard error, and stays to be done. With `seconds` 0 the report is
 * kept, and left to the next delivery.
 */
export const reportRuns = async (
	context: InstanceContext,
	options: {readonly nextRun?: number | null; readonly seconds?: number} = {},
): Promise<void> => {
	const {seconds = patienceSeconds} = options;
	const office = openOffice(context, options);
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
