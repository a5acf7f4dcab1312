import {freedBytes, type PackMeasure, type PackRecord} from '../history/pack-record.js';
import {renderBytes, renderDuration, renderTime} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';

/** What became of a storage, for people: lines with their ends. */
export const renderPack = (record: PackRecord): string =>
	[
		`${record.storage}: ${renderOutcome(record)}`,
		...renderAfter(record),
		...record.warnings.map(warning => `  warning: ${warning}`),
		...(record.advice === null ? [] : [`  next: ${record.advice}`]),
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

const renderOutcome = (record: PackRecord): string => {
	const {outcome, reason, packTime} = record;
	const until = packTime === null ? '' : ` to ${renderTime(packTime)}`;
	const why = reason === null ? '' : `: ${reason}`;
	switch (outcome) {
		case 'packed':
			return `packed${until}, ${renderFreed(record)}, ${renderSeconds(record.seconds)}${why}`;
		case 'nothing-to-drop':
			return `nothing to drop${until}${why}`;
		case 'skipped':
			return `skipped${why}`;
		case 'failed':
			return `failed${why}`;
		case 'unknown':
			return `not known what became of it${why}`;
	}
};

const renderSeconds = (seconds: number): string =>
	seconds < 10 ? `${seconds.toFixed(1)} s` : renderDuration(seconds);

const renderFreed = (record: PackRecord): string => {
	const freed = freedBytes(record);
	if (freed === null) return 'freed bytes unknown';
	return freed < 0 ? `${renderBytes(-freed)} more` : `${renderBytes(freed)} freed`;
};

/** Before and after, as far as both are known. */
const renderAfter = ({outcome, before, after}: PackRecord): readonly string[] => {
	if (outcome !== 'packed' && outcome !== 'nothing-to-drop') return [];
	const change = (what: (measure: PackMeasure) => string | null): readonly string[] => {
		const [was, is] = [before, after].map(measure => (measure === null ? null : what(measure)));
		if (is == null) return [];
		return was == null || was === is ? [is] : [`${was} -> ${is}`];
	};
	const parts = [
		...change(({size}) => (size === null ? null : renderBytes(size))),
		...change(({objects}) => (objects === null ? null : renderObjects(objects))),
		...change(({blobs}) =>
			blobs === null ? null : `${renderBlobs(blobs.files)} of ${renderBytes(blobs.bytes)}`,
		),
		...(after?.old == null ? [] : [`${renderBytes(after.old)} kept in .old`]),
		...(after?.freeDisk == null ? [] : [`${renderBytes(after.freeDisk)} of disk free`]),
	];
	return parts.length === 0 ? [] : [`  ${parts.join(', ')}`];
};

const renderBlobs = (blobs: number): string => `${blobs} ${blobs === 1 ? 'blob' : 'blobs'}`;

/** Such as `1 object`. */
export const renderObjects = (objects: number): string =>
	`${objects} ${objects === 1 ? 'object' : 'objects'}`;
