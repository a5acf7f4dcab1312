import {readFileSync} from 'node:fs';
import path from 'node:path';
import {removeIfPresent, replaceFile} from '../platform/replace-file.js';
import type {LaunchOrder} from './report.js';

/** What a supervisor has loaded, for those who want to know what a newer configuration changes. */
export type LoadedOrder = Pick<LaunchOrder, 'settings' | 'server'> & {
	readonly reading: LaunchOrder['reading'] | undefined;
	readonly version: string;
};

const fileOf = (runDirectory: string): string => path.join(runDirectory, 'loaded');

/** For the owner alone: `<environment>` may hold secrets. Never throws: without the file nobody knows a difference. */
export const writeLoadedOrder = (runDirectory: string, order: LoadedOrder): void => {
	try {
		const content = JSON.stringify({...order, manager: process.pid});
		replaceFile(fileOf(runDirectory), content, 0o600);
	} catch {
		// There is none then.
	}
};

/** The supervisor leaves, and nobody follows. */
export const removeLoadedOrder = (runDirectory: string): void =>
	removeIfPresent(fileOf(runDirectory));

/** What the supervisor of that pid has loaded; undefined where it has left nothing that can be read. */
export const readLoadedOrder = (
	runDirectory: string,
	{manager, version}: {readonly manager: number; readonly version: string | null},
): LoadedOrder | undefined => {
	try {
		const order: LoadedOrder & {readonly manager: number} = JSON.parse(
			readFileSync(fileOf(runDirectory), 'utf8'),
		);
		return order.manager === manager && order.version === version ? order : undefined;
	} catch {
		return undefined;
	}
};
