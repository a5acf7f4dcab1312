import {renderBytes, renderDuration} from '../platform/quantities.js';
import {renderDays, renderMoment} from './dates.js';
import {isGood, type Report} from './facts.js';
import type {Letter} from './letter.js';
import {outcomeWords, storageSection} from './storage-section.js';
import {unrestSection} from './unrest-section.js';

/** The letter about one run of packs, as it is at a Unix time. */
export const packLetter = (report: Report, now: number): Letter => {
	const {instance, host, began, seconds, by, isBad, storages, unrest, nextRun} = report;
	const about = `${instance} on ${host}`;
	const headline = headlineOf(report, now);
	return {
		subject: `zeoctl ${about}: ${headline}`,
		isBad,
		about,
		headline,
		facts: [
			['Began', renderMoment(began)],
			['Took', seconds === null ? 'unknown' : renderDuration(seconds)],
			['Asked by', by],
			...(nextRun === null ? [] : [['Next run', renderMoment(nextRun)] as const]),
		],
		sections: [...storages.map(each => storageSection(each, now)), unrestSection(unrest)],
		footer: 'Sent by zeoctl. "zeoctl report" shows this again.',
	};
};

const headlineOf = ({outcome, storages, freed}: Report, now: number): string => {
	const bad = storages.filter(each => !isGood(each.outcome));
	const some = storages.length > 1 && bad.length > 0;
	const overdue = storages.flatMap(each => (each.overdue === null ? [] : [each.overdue.since]));
	return [
		isGood(outcome)
			? outcomeWords[outcome]
			: `pack ${outcomeWords[outcome]}${some ? ` (${bad.length} of ${storages.length} storages)` : ''}`,
		...(freed === null ? [] : [`${renderBytes(freed)} freed`]),
		...(overdue.length === 0 ? [] : [`no good pack for ${renderDays(Math.min(...overdue), now)}`]),
	].join(', ');
};
