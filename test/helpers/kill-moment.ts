import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {isCut} from '../../src/transcript/cut-steps.js';
import {readJournal} from '../../src/transcript/journal.js';
import {openLive} from '../../src/transcript/live-file.js';

/** How far a rotation was when its supervisor was killed. */
export const killMoments = [
	'between rotations',
	'before the copy',
	'during the copy',
	'between copy and removal',
	'after the removal',
] as const;

/** One of them. */
export type KillMoment = (typeof killMoments)[number];

/** What a rotation has left, in the run state folder of a supervisor and in the log of its program. */
export const readKillMoment = (runDirectory: string, programPid: number): KillMoment => {
	const journal = readJournal(runDirectory);
	if (journal === undefined) return 'between rotations';
	const {plan, temporary} = journal;
	if (plan === undefined) return 'before the copy';
	const live = openLive({programPid});
	if ('refused' in live) throw new Error(live.refused);
	try {
		if (isCut(live, journal)) return 'after the removal';
		const copy = fs.statSync(temporary, {throwIfNoEntry: false});
		if (copy === undefined) return 'before the copy';
		const whole = plan.mark.start + plan.end - plan.mark.end;
		return copy.size === whole ? 'between copy and removal' : 'during the copy';
	} finally {
		live.close();
	}
};

/**
 * Waits until a rotation has come so far, or further: a short moment is missed now and then. Looks about every
 * millisecond, and gives up after a while.
 */
export const awaitKillMoment = async (
	wanted: KillMoment,
	{
		runDirectory,
		programPid,
		limitMs,
	}: {readonly runDirectory: string; readonly programPid: number; readonly limitMs: number},
): Promise<void> => {
	const end = performance.now() + limitMs;
	const first = killMoments.indexOf(wanted);
	while (performance.now() < end) {
		if (killMoments.indexOf(readKillMoment(runDirectory, programPid)) >= first) return;
		await sleep(1);
	}
};
