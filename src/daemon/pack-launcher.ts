import type {HistoryRecord} from '../history/history.js';
import type {ScheduleFacts} from '../pack/due.js';
import {type Launch, planLaunch} from '../pack/launch-plan.js';
import {noteOverdue} from '../pack/overdue.js';
import {planStorages} from '../pack/planned-storages.js';
import {noteSchedules} from '../pack/schedule-note.js';
import type {PackSettings, StorageSettings} from '../settings/settings.js';

/** How a started `zeoctl pack --scheduled` ended. */
export type PackJobEnd = {
	/** One line, such as `exit status 2`. */
	readonly description: string;
	readonly isGood: boolean;
	/** The last line that it printed, if any. */
	readonly lastLine: string | undefined;
};

export type PackScheduleOptions = {
	readonly packs: readonly PackSettings[];
	/** All storages of the server. */
	readonly storages: readonly StorageSettings[];
	/** Tells this instance from others. */
	readonly instance: string;
	/** False while the program is not wanted: a stop does not begin a pack. */
	readonly isWanted: () => boolean;
	/** Whether the program is up: a job that comes earlier would find nobody. */
	readonly isServing: () => boolean;
	readonly hasOtherOwner: () => boolean;
	readonly isAlive: ScheduleFacts['isAlive'];
	readonly readHistory: () => readonly HistoryRecord[];
	readonly append: (record: HistoryRecord) => void;
	/** Starts the job; it goes on without us. Resolves at its end, never rejects. */
	readonly startJob: () => Promise<PackJobEnd>;
	readonly unixSeconds: () => number;
	readonly after: (ms: number, callback: () => void) => () => void;
};

/**
 * A timer sees neither a clock that is set nor the sleep of the machine: what is due is decided again at least this
 * often. In seconds.
 */
const longestSleep = 3600;

/** A program that is being started is looked at so often, for so long; then the job is to find that it is down. */
const serving = {lookSeconds: 2, patienceSeconds: 600};

/** Starts the job of the packs whenever a slot falls due, never two at once, until it is closed. */
export const watchPackSchedule = (options: PackScheduleOptions): {close(): void} => {
	const {packs, storages, isWanted, readHistory, append, startJob, unixSeconds, after} = options;
	const planned = planStorages(packs, storages);
	let launches: readonly Launch[] = [];
	let cancel = (): void => undefined;
	let isClosed = false;
	/** When a slot was first due while the program was not up. */
	let heldSince: number | undefined;

	const isHeld = (now: number): boolean => {
		heldSince = options.isServing() ? undefined : (heldSince ?? now);
		return heldSince !== undefined && Math.abs(now - heldSince) < serving.patienceSeconds;
	};

	const look = (): void => {
		if (isClosed) return;
		// Whatever goes wrong in this look, another one follows.
		cancel = after(longestSleep * 1000, look);
		const now = unixSeconds();
		const known = readHistory();
		for (const note of noteSchedules(known, planned, now)) append(note);
		for (const alarm of noteOverdue(known, planned, now)) append(alarm);
		const {packs, storages, isAlive, instance} = options;
		const plan = planLaunch({
			history: readHistory(),
			packs,
			storages,
			now,
			isAlive,
			instance,
			hasOtherOwner: options.hasOtherOwner(),
			launches,
		});
		cancel();
		const isDue = plan.slots.length > 0 && isWanted();
		if (isDue && !isHeld(now)) {
			launch(plan.slots, now);
			return;
		}
		const seconds = isDue ? serving.lookSeconds : Math.max(plan.wakeAt - now, 1);
		cancel = after(Math.min(seconds, longestSleep) * 1000, look);
	};

	const launch = (slots: readonly number[], at: number): void => {
		const recent = launches.filter(({slot}) => slots.includes(slot));
		heldSince = undefined;
		launches = [...recent, ...slots.map(slot => ({slot, at}))];
		void startJob().then(end => {
			if (!end.isGood && !hasBegun(readHistory(), slots)) append(silentFailure(end, unixSeconds()));
			look();
		});
	};

	if (planned.length > 0) look();
	return {
		close() {
			isClosed = true;
			cancel();
		},
	};
};

const hasBegun = (history: readonly HistoryRecord[], slots: readonly number[]): boolean =>
	history.some(
		record => record.event === 'pack-begin' && record.slot !== null && slots.includes(record.slot),
	);

/** A job that came to its work has left records of its own. */
const silentFailure = ({description, lastLine}: PackJobEnd, at: number): HistoryRecord => ({
	at,
	event: 'alarm',
	alarm: 'pack-schedule',
	text: `the scheduled pack could not begin: ${description}${lastLine === undefined ? '' : `: ${lastLine}`}`,
});
