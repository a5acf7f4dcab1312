import {runDirectoryOf} from '../control/snapshot.js';
import {type DataFile, findDataFiles} from '../guard/data-file.js';
import {renderHolder} from '../guard/describe-holder.js';
import {type Holder, whoHoldsLock} from '../guard/holders.js';
import {lockFileOf} from '../guard/lock.js';
import {planLocks, programLockOf} from '../guard/plan-locks.js';
import {describeDeleted, endOf, saveFirst} from '../guard/verdict.js';
import {findDeletedWriter, findLeader} from '../guard/writers.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {isTrusted, readProgramRecord, recordOf} from '../program/program-record.js';
import {serverPlace} from '../settings/server-place.js';
import type {InstanceContext} from './command.js';
import type {Nobody} from './instance.js';
import {instanceCommand} from './instance-command.js';

/** Somebody whom nothing shows to be the program: who it is, and what to type about it. */
type Stranger = NonNullable<Nobody['stranger']>;

/**
 * Who holds the lock that the program of an instance has for life: its program, by what a start knows it by, or somebody
 * else. Cheap where nobody has it, or the last program is known to have ended; else it looks at every process.
 */
export const findRemains = async (
	context: InstanceContext,
): Promise<Pick<Nobody, 'program' | 'stranger'>> => {
	const runDirectory = runDirectoryOf(context.instance.socketPath);
	// What an ended program has left behind is not the program.
	if (readProgramRecord(runDirectory) === 'none') return {};
	const files = dataFilesOf(context);
	const programLock = programLockOf(runDirectory);
	const {lifeLock: lock} = planLocks(files, programLock);
	const holder = await whoHoldsLock(lock);
	if (holder === undefined) return {};
	const leader = findLeader(programLock);
	const program =
		leader && isTrusted(runDirectory, leader.pid)
			? recordOf({pid: leader.pid, argv: leader.argv, startedAt: leader.startedAt, lock})
			: undefined;
	if (program !== undefined) return {program};
	return {stranger: describeStranger(context, {files, what: `its lock '${lock}' is held`, holder})};
};

/**
 * Who has a database of an instance that does not run, guarded or not, so that a start would be refused. Undefined: nobody
 * was seen.
 */
export const findRival = async (context: InstanceContext): Promise<Stranger | undefined> => {
	const files = dataFilesOf(context).filter(({readOnly}) => !readOnly);
	for (const {file} of files) {
		const holder = (await whoHoldsLock(lockFileOf(file))) ?? (await whoHoldsLock(`${file}.lock`));
		if (holder !== undefined)
			return describeStranger(context, {
				...{files, holder},
				what: `the database '${file}' is in use`,
			});
	}
	return undefined;
};

const dataFilesOf = ({system, settings}: InstanceContext): readonly DataFile[] =>
	findDataFiles(
		system.resolveServer(settings)?.storages ?? settings.storages,
		serverPlace(settings, system.cwd).directory,
	);

/** Whoever has a deleted database is named for that, and nobody is told to end it. */
const describeStranger = (
	context: InstanceContext,
	{
		files,
		what,
		holder,
	}: {readonly files: readonly DataFile[]; readonly what: string; readonly holder: Holder},
): Stranger => {
	const now = context.system.clock.now() / 1000;
	for (const {file} of files) {
		const writer = findDeletedWriter(file);
		if (writer === undefined) continue;
		const rescue = renderShellCommand([...instanceCommand(context), 'rescue']);
		return {reason: describeDeleted(file, writer, now), hint: saveFirst(rescue)};
	}
	return {reason: `${what} by ${renderHolder(holder, now)}`, hint: endOf(holder)};
};
