import type {DiskVerdict} from './disk-watch.js';
import {stallMs} from './stall.js';
import {trialBytes} from './trial-file.js';

/** What was seen of a disk: as the problem of a log in its status, and as news in a history. */
export type DiskWords = {readonly problem: string; readonly news: string};

/** What was seen of the disk of a folder, for a log there; undefined while all is well. */
export const describeDisk = (verdict: DiskVerdict, folder: string): DiskWords | undefined => {
	const write = `a write of ${trialBytes / 1024} KiB in ${folder}`;
	switch (verdict.disk) {
		case 'well':
			return undefined;
		case 'failing':
			return verdict.what === 'write'
				? cannotWrite(verdict.failure)
				: same(`no file can be made in ${folder}: ${verdict.failure}`);
		case 'hanging':
			return cannotWrite(
				`the disk does not answer: ${write} is not done after ${stallMs / 1000} s`,
			);
		case 'slow':
			return same(`the disk is slow: ${write} took ${Math.round(verdict.tookMs / 1000)} s`);
	}
};

const same = (text: string): DiskWords => ({problem: text, news: text});

const cannotWrite = (why: string): DiskWords => ({
	problem: why,
	news: `output cannot be written: ${why}`,
});
