import path from 'node:path';
import {renderHolder} from '../guard/describe-holder.js';
import {type Holder, whoHoldsLock, whoListens} from '../guard/holders.js';
import {listenAddress} from '../guard/listeners.js';
import {lockFileOf} from '../guard/lock.js';
import {realFile} from '../platform/real-file.js';
import type {StorageSettings} from '../settings/settings.js';
import type {InstanceContext} from './command.js';
import {resolveRunning} from './running-server.js';

/**
 * Who locks the databases, or listens at the address of their server, and does not let this user see what it has open;
 * one line for people. Undefined: nobody shows. Never throws.
 */
export const findHidden = async (
	context: InstanceContext,
	storages: readonly StorageSettings[],
	directory: string,
): Promise<string | undefined> => {
	for (const {what, look} of looks(context, storages, directory)) {
		const holder = await look();
		if (holder !== undefined && !(holder.visible && holder.showsFiles))
			return `${what} by ${renderHolder(withoutTaker(holder), context.system.clock.now() / 1000)}`;
	}
	return undefined;
};

/** The pid of a lock is that of who took it, who may have left it to another one and be gone. */
const withoutTaker = (holder: Holder): Holder =>
	holder.visible ? holder : {...holder, pid: undefined};

type Look = {readonly what: string; readonly look: () => Promise<Holder | undefined>};

/** The locks are the likelier to be of the server. */
const looks = (
	context: InstanceContext,
	storages: readonly StorageSettings[],
	directory: string,
): readonly Look[] => {
	const locks = storages.flatMap(({path: file}) => {
		if (file === undefined) return [];
		const dataPath = path.resolve(directory, file);
		return [lockFileOf(realFile(dataPath)), `${dataPath}.lock`];
	});
	const named = resolveRunning(context)?.zeo.address;
	const address = named && listenAddress(named);
	return [
		...locks.map(lock => ({what: `'${lock}' is locked`, look: () => whoHoldsLock(lock)})),
		...(address === undefined
			? []
			: [{what: 'the address of the server is used', look: () => whoListens(address)}]),
	];
};
