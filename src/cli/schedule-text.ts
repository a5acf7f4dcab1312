import {openTimeZone} from '../pack/time-zone.js';
import {renderDuration, renderTime} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {ScheduleDocument, StorageSchedule} from './schedule-facts.js';

/** The schedule for people. `now` in Unix seconds. */
export const renderSchedules = (document: ScheduleDocument, now: number): string =>
	[`started by ${renderOwner(document)}`, ...document.storages.flatMap(each => rows(each, now))]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

const renderOwner = ({owner, ownerFile, supervisorRuns}: ScheduleDocument): string => {
	if (owner === 'supervisor')
		return supervisorRuns ? 'the supervisor' : 'the supervisor, which does not run: type start';
	return `${owner === 'systemd' ? 'the timer' : 'cron'} (${ownerFile ?? ''})`;
};

const rows = (storage: StorageSchedule, now: number): readonly string[] => {
	const {schedule, timeZone, jitter, next, overdueSince, lastGood} = storage;
	const delay = jitter > 0 ? `, at most ${renderDuration(jitter)} later` : '';
	const {offsetAt} = openTimeZone(timeZone ?? undefined);
	const show = (slot: number): string => renderInZone(slot, offsetAt(slot));
	return [
		`storage ${storage.storage}: ${schedule} (${timeZone ?? 'local time'})${delay}`,
		...next.map(
			({slot, begins}, index) =>
				`  ${index === 0 ? 'next' : '    '}  ${show(slot)}${begins === slot ? '' : ` + ${renderDuration(begins - slot)}`}`,
		),
		`  last  ${renderLast(storage)}`,
		...(overdueSince === null
			? []
			: [
					`  OVERDUE since ${show(overdueSince)}, ${renderDuration(now - overdueSince)}; ${
						lastGood === null ? 'never packed yet' : `last good pack ${renderTime(lastGood)}`
					}`,
				]),
	];
};

const renderLast = ({last, state, retryAt, attempts}: StorageSchedule): string => {
	if (last === null) return 'none yet';
	const pending = state === 'under-way' ? 'under way' : 'broken off';
	const why = last.reason === null ? '' : `: ${last.reason}`;
	const retry = retryAt === null ? '' : `; attempt ${attempts + 1} at ${renderTime(retryAt)}`;
	return `${renderTime(last.began)}  ${last.outcome?.replaceAll('-', ' ') ?? pending}${why}${retry}`;
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Sun 2026-11-29 03:17 +0100`, as the clocks of the zone show it. */
const renderInZone = (at: number, offset: number): string => {
	const shown = new Date((at + offset) * 1000);
	const minutes = Math.abs(offset) / 60;
	const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
	const zone = `${offset < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`;
	return `${weekdays[shown.getUTCDay()]} ${shown.toISOString().slice(0, 16).replace('T', ' ')} ${zone}`;
};
