import {runDirectoryOf} from '../control/snapshot.js';
import {findDataFiles} from '../guard/data-file.js';
import {renderHolder} from '../guard/describe-holder.js';
import {whoHoldsLock} from '../guard/holders.js';
import {planLocks, programLockOf} from '../guard/plan-locks.js';
import {describeDeleted, endOf, saveFirst} from '../guard/verdict.js';
import {findDeletedWriter, findLeader} from '../guard/writers.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {isTrusted, readProgramRecord, recordOf} from '../program/program-record.js';
import {serverPlace} from '../settings/server-place.js';
import type {InstanceContext} from './command.js';
import type {Nobody} from './instance.js';

/**
 * Who holds the lock that the program of an instance has for life: its program, by what a start knows it by, or somebody
 * else. Cheap where nobody has it, or the last program is known to have ended; else it looks at every process.
 */
export const findRemains = async ({
	system,
	settings,
	instance,
	commandLine,
}: InstanceContext): Promise<Pick<Nobody, 'program' | 'stranger'>> => {
	const runDirectory = runDirectoryOf(instance.socketPath);
	// What an ended program has left behind is not the program.
	if (readProgramRecord(runDirectory) === 'none') return {};
	const storages = system.resolveServer(settings)?.storages ?? settings.storages;
	const files = findDataFiles(storages, serverPlace(settings, system.cwd).directory);
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
	const now = system.clock.now() / 1000;
	for (const {file} of files) {
		const writer = findDeletedWriter(file);
		if (writer === undefined) continue;
		const rescue = renderShellCommand(['zeoctl', ...commandLine.flags, 'rescue']);
		return {stranger: {reason: describeDeleted(file, writer, now), hint: saveFirst(rescue)}};
	}
	const who = renderHolder(holder, now);
	return {stranger: {reason: `its lock '${lock}' is held by ${who}`, hint: endOf(holder)}};
};
