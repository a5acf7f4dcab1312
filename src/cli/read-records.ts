import {type HistoryRecord, historyFile} from '../history/history.js';
import {readLastRecords} from '../history/read-last.js';
import {systemErrorCode, systemReason, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';

/** The last records of a history. Throws where it may not be read, which is not the same as an empty one. */
export const readRecords = (directory: string, count: number): readonly HistoryRecord[] => {
	try {
		return readLastRecords(directory, count);
	} catch (cause) {
		throw new ZeoctlError(
			'PERMISSION',
			`cannot read the history in ${quote(directory)}: ${systemReason(cause)}`,
			{
				cause,
				...(systemErrorCode(cause) === 'EACCES' && {asUser: 'root', place: historyFile(directory)}),
			},
		);
	}
};
