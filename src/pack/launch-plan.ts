import type {PackSettings} from '../settings/settings.js';
import {retryDelays, type ScheduleFacts, type SlotState, slotStates} from './due.js';
import {jitterOf} from './jitter.js';
import {openSchedule} from './schedule.js';

/** A run that this supervisor has started itself. Times are Unix seconds. */
export type Launch = {readonly slot: number; readonly at: number};

export type LaunchFacts = ScheduleFacts & {
	/** Tells this instance from others. */
	readonly instance: string;
	/** Whether a timer or cron is the owner of the schedule. */
	readonly hasOtherOwner: boolean;
	/** What the history may lack, when it could not be written. */
	readonly launches: readonly Launch[];
};

/** The slots to start a run for now, and when to look again. */
export type LaunchPlan = {readonly slots: readonly number[]; readonly wakeAt: number};

/** Another owner of the schedule has so many seconds until the supervisor steps in for it. */
const otherOwnerSeconds = 3600;

/** What a supervisor that has just looked at its history does about the packs. */
export const planLaunch = (facts: LaunchFacts): LaunchPlan => {
	const starts = slotStates(facts).map(state => startOf(state, facts));
	const isNow = ({at}: Launch): boolean => at <= facts.now;
	return {
		slots: [...new Set(starts.filter(isNow).map(({slot}) => slot))],
		wakeAt: Math.min(...starts.filter(start => !isNow(start)).map(({at}) => at)),
	};
};

/** The next run of a storage that this supervisor would start. */
const startOf = (state: SlotState, facts: LaunchFacts): Launch => {
	const {hasOtherOwner, launches, now} = facts;
	const {slot, dueAt, attempts, pack} = state;
	const patience = hasOtherOwner ? otherOwnerSeconds : 0;
	const own = launches.filter(launch => launch.slot === slot);
	const delay = own.length === 0 ? 0 : retryDelays[own.length - 1];
	if (dueAt !== null && delay !== undefined) {
		const due = attempts === 0 ? startOfSlot(slot, state, facts) : dueAt;
		return {slot, at: Math.max(due + patience, (own.at(-1)?.at ?? 0) + delay)};
	}
	const next = openSchedule(pack.schedule, pack.timeZone).next(now);
	return {slot: next, at: startOfSlot(next, state, facts) + patience};
};

const startOfSlot = (slot: number, {pack}: SlotState, {instance}: LaunchFacts): number =>
	jitteredStart(slot, pack, instance);

/**
 * When a supervisor begins the run of a slot. Never so late that the next slot comes before: of a schedule by the
 * minute, half a minute is used at most.
 */
export const jitteredStart = (
	slot: number,
	{schedule, timeZone, jitter}: PackSettings,
	instance: string,
): number => {
	const period = openSchedule(schedule, timeZone).next(slot) - slot;
	return slot + jitterOf(slot, instance, Math.min(jitter, period / 2));
};
