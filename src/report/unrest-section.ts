import {count, renderMoment} from './dates.js';
import {type Remark, type Section, section} from './letter.js';
import type {Cause, Unrest} from './unrest.js';

/** The part of a letter about restarts of the server. */
export const unrestSection = (unrest: Unrest): Section => {
	const {since, asked, causes, gaveUp, lastOutput} = unrest;
	const unasked = causes.reduce((sum, cause) => sum + cause.count, 0);
	const span = since === null ? '' : ` since ${renderMoment(since)}`;
	const remarks: Remark[] = [
		{isBad: unasked > 0, text: `${sumUp(unasked, asked)}${span}`},
		...causes.map(cause => ({isBad: true, text: renderCause(cause)})),
		...(gaveUp === null
			? []
			: [{isBad: true, text: `It was not started again on ${renderMoment(gaveUp)}`}]),
	];
	return section({title: 'Server', isBad: unasked > 0, remarks, output: lastOutput});
};

const sumUp = (unasked: number, asked: number): string => {
	if (unasked === 0 && asked === 0) return 'Not restarted';
	const words = [
		...(unasked > 0 ? [`ended ${count(unasked, 'time')} unasked`] : []),
		...(asked > 0 ? [`stopped or restarted ${count(asked, 'time')} on request`] : []),
	].join(', ');
	return `${words[0]?.toUpperCase()}${words.slice(1)}`;
};

const renderCause = ({cause, count: times, last}: Cause): string =>
	`${times} x ${cause} (${times > 1 ? 'the last ' : ''}${renderMoment(last)})`;
