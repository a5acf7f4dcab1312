import {findCore} from '../program/core-dump.js';
import type {ExitEvidence, ExitStatus} from '../program/exit-report.js';
import {watchOomKills} from '../program/oom-kills.js';
import type {StorageSettings} from '../settings/settings.js';
import {fileStorage} from '../storage/zeo.js';
import {watchForOrderlyEnd} from './orderly-end.js';

type Life = {
	readonly pid: number;
	/** Unix seconds. */
	readonly startedAt: number;
	/** The folder that it runs in. */
	readonly directory: string;
	/** Whether it is known to be a ZEO server, which says in its log that it ends. */
	readonly isServer: boolean;
	readonly logFiles: readonly string[];
	readonly storages: readonly StorageSettings[];
};

/** What becomes known about an end. */
export type EndEvidence = {
	/** To be asked once, when the process has ended. */
	collect(exit: ExitStatus): ExitEvidence | undefined;
	/** Whether its log says that it ended in order. */
	endedInOrder(): boolean;
};

/** Takes notes at the beginning of a life, or of its adoption, by which its end can be explained. */
export const watchLife = ({
	pid,
	startedAt,
	directory,
	isServer,
	logFiles,
	storages,
}: Life): EndEvidence => {
	const log = watchForOrderlyEnd(logFiles, pid);
	const oomKills = watchOomKills(pid);
	const isOrderly = (): boolean | undefined => {
		if (!isServer) return undefined;
		if (log.endedInOrder()) return true;
		return log.showsBeginning() ? false : undefined;
	};
	return {
		endedInOrder: log.endedInOrder,
		collect({code, signal}) {
			const outOfMemory = signal === 'SIGKILL' && oomKills.haveRisen();
			oomKills.close();
			const orderly = code === 0 ? isOrderly() : undefined;
			const core = findCore({pid, signal, startedAt, directory});
			const evidence: ExitEvidence = {
				...(orderly !== undefined && {isOrderly: orderly}),
				...(outOfMemory && {outOfMemory}),
				...(core !== undefined && {core}),
				...(code === 0 &&
					isServer &&
					orderly !== false && {unsavedIndexes: findUnsavedIndexes(storages)}),
			};
			return Object.keys(evidence).length === 0 ? undefined : evidence;
		},
	};
};

/** A server that only reads never saves one. */
const findUnsavedIndexes = (storages: readonly StorageSettings[]): readonly string[] =>
	storages.flatMap(({name, path, readOnly}) =>
		path === undefined || readOnly || fileStorage.isIndexSaved(path) !== false ? [] : [name],
	);
