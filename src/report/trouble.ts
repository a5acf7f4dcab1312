import type {HistoryRecord} from '../history/history.js';
import {findOverdue, type Overdue} from './facts.js';
import {isLostFile, isRestartOfHealth, sumUpUnrest, type Unrest} from './unrest.js';

/** So many unasked ends within so many seconds are worth a mail. */
export type CrashLimit = {readonly count: number; readonly seconds: number};

/** Mails about crashes come at most this often, but for the news that the supervisor gave up. In seconds. */
const leastPause = 600;

/** What nobody was told in time is history, as when mail has just been configured. In seconds. */
const oldNews = 86_400;

/**
 * What a mail about crashes has to say now, undefined when there is nothing new: the supervisor gave up, the server
 * hung, a database was deleted under it, or it ended more often than the limit allows. Everything since the last such mail is in the next one.
 */
export const planCrashReport = (
	history: readonly HistoryRecord[],
	{limit, now}: {readonly limit: CrashLimit; readonly now: number},
): Unrest | undefined => {
	const last = history.findLastIndex(
		({event, ...more}) => event === 'report' && isAboutCrash(more),
	);
	const told = history.slice(0, last + 1);
	const news = history.slice(last + 1).filter(({at}) => at > now - oldNews);
	const pauseUntil = (told.at(-1)?.at ?? -Infinity) + Math.max(leastPause, limit.seconds);
	// A clock that was set back must not silence a mail.
	const isPause = now < pauseUntil && now >= (told.at(-1)?.at ?? 0);
	const gaveUp = news.some(isGivingUp);
	if (isPause && !(gaveUp && !hasToldOfGivingUp(told, now - limit.seconds))) return undefined;
	const isTrouble = gaveUp || news.some(isHang) || news.some(isLostFile) || passes(news, limit);
	if (!isTrouble) return undefined;
	return sumUpUnrest(news, null);
};

const isAboutCrash = (record: object): boolean => 'about' in record && record.about === 'crash';

const isGivingUp = (record: HistoryRecord): boolean =>
	record.event === 'end' && !record.expected && record.decision === 'leave';

const hasToldOfGivingUp = (told: readonly HistoryRecord[], since: number): boolean =>
	told.some(record => record.at > since && isGivingUp(record));

const isHang = (record: HistoryRecord): boolean =>
	isRestartOfHealth(record) || (record.event === 'health' && record.verdict === 'failed');

const passes = (news: readonly HistoryRecord[], {count, seconds}: CrashLimit): boolean => {
	const times = news.filter(record => record.event === 'end' && !record.expected).map(({at}) => at);
	return times.some((at, index) => {
		const first = times[index - count + 1];
		return first !== undefined && at - first <= seconds;
	});
};

/** A storage that no pack has succeeded for. */
export type OverdueStorage = {readonly storage: string} & Overdue;

/** Reminders come weekly. */
const reminderSeconds = 7 * 86_400;

/**
 * The storages that a mail has to be written about because no pack has succeeded for too long; without those about
 * which a mail has said so in the last week.
 */
export const planOverdueReport = (
	history: readonly HistoryRecord[],
	storages: readonly {readonly storage: string; readonly alarmAfter: number}[],
	now: number,
): readonly OverdueStorage[] => {
	const told = toldLately(history, now);
	return storages.flatMap(({storage, alarmAfter}) => {
		if (told.some(each => each === 'all' || each.includes(storage))) return [];
		const overdue = findOverdue(history, storage, {now, limit: alarmAfter});
		return overdue === null ? [] : [{storage, ...overdue}];
	});
};

/** What the mails of the last week were about: the storages of a run, or all that were overdue. */
const toldLately = (
	history: readonly HistoryRecord[],
	now: number,
): readonly ('all' | readonly string[])[] =>
	history.flatMap((record): readonly ('all' | readonly string[])[] => {
		if (record.event !== 'report' || record.about === 'crash' || record.message === null) return [];
		if (Math.abs(now - record.at) >= reminderSeconds) return [];
		if (record.about === 'overdue') return ['all'];
		const isBegin = (each: HistoryRecord) => each.event === 'pack-begin' && each.run === record.run;
		const begin = history.find(isBegin);
		return begin?.event === 'pack-begin' ? [begin.storages] : [];
	});
