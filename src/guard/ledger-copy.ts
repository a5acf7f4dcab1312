import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {digestOf} from '../platform/digest.js';
import {replaceDurably} from '../platform/files.js';
import {type Ledger, parseLedger, renderLedger} from './ledger.js';

/**
 * The copy of a ledger in the state directory, for the day on which the file system of the database is not mounted:
 * then its ledger is missing with it.
 */
const copyFile = (stateDirectory: string, realPath: string): string =>
	path.join(stateDirectory, `ledger-${digestOf(Buffer.from(realPath))}`);

/**
 * What the copy says, where the folder of the database is on another file system than when it was written. Where it is
 * the same, the ledger beside the database is the truth, also when somebody has removed it. Never throws.
 */
export const recallLedger = (stateDirectory: string, realPath: string): Ledger | undefined => {
	try {
		const text = readFileSync(copyFile(stateDirectory, realPath), 'utf8');
		const {path: of, device} = JSON.parse(text);
		return of === realPath && device !== deviceOf(realPath) ? parseLedger(text) : undefined;
	} catch {
		return undefined;
	}
};

/**
 * Writes the copy durably, for the owner of the state directory; where there is none yet, no earlier copy can say
 * anything else. Throws system errors.
 */
export const copyLedger = (stateDirectory: string, realPath: string, ledger: Ledger): void => {
	const owner = statSync(stateDirectory, {throwIfNoEntry: false});
	if (owner === undefined) return;
	const {uid, gid} = owner;
	const content = renderLedger({path: realPath, device: deviceOf(realPath), ...ledger});
	replaceDurably(copyFile(stateDirectory, realPath), content, {mode: 0o600, uid, gid});
};

/** Of the folder, which is there also when the file is not; undefined where not even that is. */
const deviceOf = (realPath: string): number | undefined =>
	statSync(path.dirname(realPath), {throwIfNoEntry: false})?.dev;
