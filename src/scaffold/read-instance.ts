import {readFileSync} from 'node:fs';
import path from 'node:path';
import {errorMessage, systemErrorCode} from '../platform/errors.js';
import {type InstanceRecord, parseRecord, recordFile} from './record.js';

/** The text of a file of an instance, undefined where there is none. Throws system errors. */
export const readInstanceFile = (folder: string, file: string): string | undefined => {
	try {
		return readFileSync(path.join(folder, file), 'utf8');
	} catch (error) {
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw new Error(`cannot read ${file}: ${errorMessage(error)}`, {cause: error});
	}
};

/** What is kept of how an instance was made; undefined for a folder that is none. Throws where it cannot be read. */
export const readRecord = (folder: string): InstanceRecord | undefined => {
	const text = readInstanceFile(folder, recordFile);
	return text === undefined ? undefined : parseRecord(text);
};
