import {count, renderDate, renderDays, renderMoment} from './dates.js';
import {type Letter, section} from './letter.js';
import type {OverdueStorage} from './trouble.js';
import type {Unrest} from './unrest.js';
import {unrestSection} from './unrest-section.js';

/** Whose letter it is, and when it is written, in Unix seconds. */
export type Sender = {readonly instance: string; readonly host: string; readonly now: number};

/** The letter about a server that crashed, hung or was given up. */
export const crashLetter = (unrest: Unrest, sender: Sender): Letter => {
	const times = unrest.causes.reduce((sum, cause) => sum + cause.count, 0);
	const headline =
		unrest.gaveUp === null
			? `the server ended ${count(times, 'time')} unasked`
			: `the server is DOWN, it ended ${count(times, 'time')} unasked`;
	const {lostFiles} = unrest;
	if (lostFiles.length > 0) {
		return troubleLetter('a database file is LOST while the server runs', sender, [
			lostFilesSection(lostFiles),
			unrestSection(unrest),
		]);
	}
	return troubleLetter(times === 0 ? 'the server does not answer' : headline, sender, [
		unrestSection(unrest),
	]);
};

const lostFilesSection = (lostFiles: readonly string[]) =>
	section({
		title: 'Database files',
		tag: 'LOST',
		isBad: true,
		remarks: [
			...lostFiles.map(text => ({isBad: true, text})),
			{
				isBad: true,
				text: 'Do not stop or restart the server. "zeoctl -C CONF status" tells the next command',
			},
		],
	});

/** The letter about storages that no pack has succeeded for. */
export const overdueLetter = (overdue: readonly OverdueStorage[], sender: Sender): Letter => {
	const longest = Math.min(...overdue.map(({since}) => since));
	const sections = overdue.map(({storage, since, isFloor}) =>
		section({
			title: `Storage ${storage}`,
			tag: 'OVERDUE',
			isBad: true,
			remarks: [
				{
					isBad: true,
					text: isFloor
						? `No pack has succeeded since ${renderDate(since)}, when the history begins`
						: `The last good pack was on ${renderMoment(since)}`,
				},
				{isBad: false, text: 'Next: zeoctl -C CONF pack, and look why none was started'},
			],
		}),
	);
	const headline = `NO good pack for ${renderDays(longest, sender.now)}`;
	return troubleLetter(headline, sender, sections);
};

/** A letter that only shows that letters arrive. */
export const testLetter = (sender: Sender): Letter => ({
	...troubleLetter('a test', sender, [
		section({
			title: 'Mail works',
			remarks: [{isBad: false, text: 'Reports of packs and of crashes will arrive like this one'}],
		}),
	]),
	isBad: false,
});

const troubleLetter = (
	headline: string,
	{instance, host, now}: Sender,
	sections: Letter['sections'],
): Letter => {
	const about = `${instance} on ${host}`;
	return {
		subject: `zeoctl ${about}: ${headline}`,
		isBad: true,
		about,
		headline,
		facts: [['Written', renderMoment(now)]],
		sections,
		footer: 'Sent by zeoctl. "zeoctl status" tells how the server is now.',
	};
};
