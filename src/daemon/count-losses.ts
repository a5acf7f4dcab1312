import {systemReason} from '../platform/errors.js';
import type {LogRecord} from '../schema/log-record.js';

/**
 * Makes a writer that never throws: what cannot be written is counted, and as soon as writing works again a record
 * says how many are missing and why.
 */
export const countLosses = (write: (record: LogRecord) => void): ((record: LogRecord) => void) => {
	let lost = 0;
	let reason = '';
	return record => {
		try {
			if (lost > 0) {
				const records = lost === 1 ? '1 record was' : `${lost} records were`;
				write({...record, levelno: 30, message: `${records} lost here: ${reason}`});
				lost = 0;
			}
			write(record);
		} catch (error) {
			lost++;
			reason = systemReason(error);
		}
	};
};
