import path from 'node:path';
import {readRecord} from '../scaffold/read-instance.js';

/** The instance of a conf that `zeoctl init` has made, and the group that was answered; undefined for other confs. */
export const findMadeInstance = (
	conf: string,
): {readonly folder: string; readonly group: string | undefined} | undefined => {
	const folder = path.dirname(path.dirname(conf));
	try {
		const record = readRecord(folder);
		const isIts = record?.files[path.relative(folder, conf)] !== undefined;
		return isIts ? {folder, group: record.answers.run_group} : undefined;
	} catch {
		// Not for everybody's eyes; or not what it seems.
		return undefined;
	}
};
