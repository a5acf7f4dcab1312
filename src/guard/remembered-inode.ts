import {recallLedger} from './ledger-copy.js';
import {recordedInode} from './recorded-inode.js';

/**
 * The inode that the file of a database had when its ledger was last written; where the ledger has gone with the
 * folder, by its copy in the state directory. Never throws.
 */
export const rememberedInode =
	(stateDirectory: string) =>
	(realPath: string): string | undefined =>
		recordedInode(realPath) ?? recallLedger(stateDirectory, realPath)?.inode ?? undefined;
