import {readFileSync} from 'node:fs';
import {ledgerFile} from './ledger.js';

/**
 * The inode that the ledger of a database has, read as cheaply as can be: for whoever only asks whether a closer look
 * is worth it. Undefined where there is none to be had.
 */
export const recordedInode = (realPath: string): string | undefined => {
	try {
		return /"inode":"(\d+)"/.exec(readFileSync(ledgerFile(realPath), 'latin1'))?.[1];
	} catch {
		return undefined;
	}
};
