import type {PackSettings, StorageSettings} from '../settings/settings.js';

/** A storage that is packed unasked, and how. */
export type PlannedStorage = {readonly name: string; readonly pack: PackSettings};

/**
 * The storages that the `<pack>` sections are about: each by the section of its name, else by the one without a
 * name. Storages that are open for reading only cannot be packed.
 */
export const planStorages = (
	packs: readonly PackSettings[],
	storages: readonly StorageSettings[],
): readonly PlannedStorage[] =>
	storages
		.filter(({readOnly}) => !readOnly)
		.flatMap(({name}) => {
			const pack =
				packs.find(({storage}) => storage === name) ??
				packs.find(({storage}) => storage === undefined);
			return pack === undefined ? [] : [{name, pack}];
		});
