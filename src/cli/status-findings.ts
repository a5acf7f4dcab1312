import type {Alarm, LastExit} from '../control/messages.js';
import {runDirectoryOf} from '../control/snapshot.js';
import {listGroup} from '../guard/program-group.js';
import {rememberedInode} from '../guard/remembered-inode.js';
import {findLostFileAlarms} from '../health/lost-files.js';
import type {HistoryRecord} from '../history/history.js';
import {readLastRecords} from '../history/read-last.js';
import {serverPlace} from '../settings/server-place.js';
import {findFilesOf} from '../storage/files-of-processes.js';
import type {InstanceContext} from './command.js';
import {findRival} from './find-remains.js';
import type {Seen} from './instance.js';
import {instanceCommand} from './instance-command.js';
import {historyDirectory} from './record-decision.js';
import {runningStorages} from './running-server.js';

/** An alarm that nobody watches for: since when it is so is not known. */
export type FoundAlarm = Omit<Alarm, 'since'>;

/** What a closer look finds: `isSuspect` of the files of the program, `isLost` of its record. */
export const lookCloser = async (
	context: InstanceContext,
	reached: Seen,
	{isSuspect, isLost}: {readonly isSuspect: boolean; readonly isLost: boolean},
): Promise<{readonly lastEnd: LastExit | null; readonly alarms: readonly FoundAlarm[]}> => {
	const isAlone = reached.contact !== 'session';
	return {
		lastEnd: isAlone ? readLastEnd(context) : null,
		alarms: [
			...(isLost ? [runStateAlarm(context)] : []),
			...(isSuspect ? await findLostFiles(context, reached) : []),
			...(isAlone && reached.program === undefined ? await findRivalAlarm(context) : []),
		],
	};
};

/** How the last life ended that the history knows of; null where it knows of none, or may not be read. */
export const readLastEnd = (context: InstanceContext): LastExit | null => {
	try {
		const [end] = readLastRecords(historyDirectory(context), 1, ({event}) => event === 'end');
		return end?.event === 'end' ? toLastExit(end) : null;
	} catch {
		return null;
	}
};

const toLastExit = ({
	at,
	pid,
	code,
	signal,
	uptime,
	expected,
	description,
}: Extract<HistoryRecord, {readonly event: 'end'}>): LastExit => ({
	...{at, pid, code, signal, uptime, expected, description},
});

/** A program that runs and is not recorded. */
const runStateAlarm = ({instance}: InstanceContext): FoundAlarm => ({
	alarm: 'run-state',
	level: 'alarm',
	text: `the program is not recorded in '${runDirectoryOf(instance.socketPath)}', which could not be written`,
	advice:
		'see df and ls -ld, then restart when it suits: should its supervisor be killed, it is found by its locks alone',
});

/** A server that is not of this instance, and has its databases. */
const findRivalAlarm = async (context: InstanceContext): Promise<readonly FoundAlarm[]> => {
	const rival = await findRival(context);
	return rival === undefined
		? []
		: [
				{
					...{alarm: 'in-use', level: 'alarm'},
					text: `a start would be refused: ${rival.reason}`,
					advice: rival.hint,
				},
			];
};

/** Data files of the running server that are not where they should be. */
export const findLostFiles = async (
	context: InstanceContext,
	reached: Seen,
): Promise<readonly FoundAlarm[]> => {
	const pid = reached.contact === 'session' ? reached.status.pid : reached.program?.pid;
	if (pid === null || pid === undefined) return [];
	const {system, settings} = context;
	const {directory, stateDirectory} = serverPlace(settings, system.cwd);
	const files = await findFilesOf(listGroup(pid), runningStorages(context), {
		directory,
		recordedInode: rememberedInode(stateDirectory),
	});
	return findLostFileAlarms(files, instanceCommand(context)).map(
		({subject: _, since: __, ...alarm}) => alarm,
	);
};
