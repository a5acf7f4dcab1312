import type {Health} from '../control/messages.js';
import {renderDuration} from '../platform/quantities.js';

type Row = readonly [label: string, value: string];

/** What the periodic look at the server found, as rows of a status; `now` is Unix seconds. */
export const healthRows = (health: Health | null, now: number): readonly Row[] => {
	if (health === null) return [];
	const {verdict, since, reason, activities, alarms, lastRestart} = health;
	const lasting = (from: number) => renderDuration(now - from);
	return [
		[
			'health',
			verdict === 'unknown'
				? 'not known yet'
				: `${verdict} for ${lasting(since)}${reason === null ? '' : `: ${reason}`}`,
		],
		...activities.map(({activity, storage, step, percent, since: from}): Row => {
			const done = percent === null ? '' : `, ${percent} %`;
			return [activity, `storage ${storage}: ${step}${done} (for ${lasting(from)})`];
		}),
		...alarms.flatMap(({level, text, advice, since: from}): readonly Row[] => [
			[level, `${text}, for ${lasting(from)}`],
			...(advice === null ? [] : [['', advice] as const]),
		]),
		...(lastRestart === null
			? []
			: [['replaced', `${lasting(lastRestart.at)} ago: ${lastRestart.reason}`] as const]),
	];
};
