import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseRecord, recordFile} from '../scaffold/record.js';

/** The group that an instance was made for, by the answers that `init` has kept; undefined for any other conf. */
export const recordedGroup = (conf: string): string | undefined => {
	try {
		const record = path.join(path.dirname(conf), '..', recordFile);
		return parseRecord(readFileSync(record, 'utf8')).answers.run_group;
	} catch {
		return undefined;
	}
};
