import type {HistoryRecord} from '../../src/history/history.js';
import {gatherFacts} from '../../src/report/facts.js';
import type {Letter} from '../../src/report/letter.js';
import {packLetter} from '../../src/report/pack-letter.js';
import {listRuns} from '../../src/report/runs.js';
import {crashAt, measure, packOf, thisMorning, week, weeklyRuns} from './histories.js';

const gb = 1024 ** 3;

/** The history of a server with two storages, of which one could not be packed this morning. */
export const sampleHistory = (): readonly HistoryRecord[] => {
	const failure = {outcome: 'failed', reason: 'the server did not answer within 30 s', after: null};
	const weeks = weeklyRuns(12, index => (index === 7 ? (failure as object) : {}));
	const [last] = weeks.slice(-1);
	const begun = weeks
		.slice(0, -1)
		.map(record =>
			record.event === 'pack-begin' && record.run === 'r12'
				? {...record, storages: ['1', 'images & <media>']}
				: record,
		);
	return [
		...begun.slice(0, -2),
		crashAt(thisMorning - 9000, {
			lastOutput: ['Traceback (most recent call last):', 'MemoryError'],
		}),
		crashAt(thisMorning - 5000),
		...begun.slice(-2),
		packOf('r12', {
			at: thisMorning + 300,
			began: thisMorning + 290,
			seconds: 10,
			storage: 'images & <media>',
			outcome: 'failed',
			reason:
				'cannot pack: the disk of /srv/zeo/main/var/filestorage has 41 GB free, a full copy and 10 % of margin need 66 GB',
			advice: 'zeoctl -C /srv/zeo/main/etc/zeo.conf pack images --days 30',
			before: measure(60 * gb, {
				objects: 123_456_789,
				blobs: {files: 1_812_345, bytes: 412 * gb},
				freeDisk: 41 * gb,
			}),
			after: null,
		}),
		...(last === undefined ? [] : [last]),
	];
};

/** A report of this morning about that server. */
export const sampleLetter = (history = sampleHistory()): Letter => {
	const run = listRuns(history).at(-1);
	if (run === undefined) throw new Error('no run');
	const facts = gatherFacts(history, run, {
		instance: 'main',
		host: 'db1.example.org',
		now: thisMorning + 320,
		nextRun: thisMorning + week,
		alarmAfter: () => 15 * 86_400,
	});
	return packLetter(facts, thisMorning + 320);
};

/** A letter that holds foreign texts wherever a letter can hold text. */
export const hostileLetter = (texts: readonly string[]): Letter => {
	const all = texts.join(' ');
	return {
		subject: all,
		isBad: true,
		about: all,
		headline: all,
		facts: [['Asked by', all]],
		footer: all,
		sections: [
			{
				title: all,
				tag: 'FAILED',
				isBad: true,
				rows: [{label: 'Data', before: '1', after: '2', change: ''}],
				remarks: texts.map(text => ({isBad: true, text})),
				bars: [{date: '2026-11-23', isBad: false, stayed: 0.5, dropped: 0.1, text: 'packed'}],
				output: texts,
			},
		],
	};
};
