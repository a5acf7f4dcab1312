import {type Finding, unknown} from './finding.js';
import type {ConfiguredSubject, ServedSubject, Subject} from './subject.js';

/** What belongs together, in the order in which it is shown. */
export const checkGroups = [
	'conf',
	'program',
	'python',
	'versions',
	'ports',
	'owners',
	'locks',
	'data',
	'disk',
	'logs',
	'time',
	'packs',
	'mail',
	'certificates',
	'service',
] as const;

export type CheckGroup = (typeof checkGroups)[number];

type Findings = readonly Finding[] | Promise<readonly Finding[]>;

/** One question about an instance and its machine. `run` changes nothing. */
export type Check = {
	readonly group: CheckGroup;
	readonly name: string;
	/** What is looked at, for the list of all checks. */
	readonly about: string;
	run(subject: Subject): Findings;
};

type Question<For> = Pick<Check, 'group' | 'name' | 'about'> & {run(subject: For): Findings};

/** A check that needs a conf without errors. */
export const ofConf = ({run, ...question}: Question<ConfiguredSubject>): Check => ({
	...question,
	run: subject =>
		subject.configured === undefined
			? [unknown('this needs a conf without errors')]
			: run({...subject, ...subject.configured}),
});

/** A check that needs a conf which tells what the server serves. */
export const ofServer = ({run, ...question}: Question<ServedSubject>): Check =>
	ofConf({
		...question,
		run: subject =>
			subject.server === undefined
				? [unknown('the conf does not tell what the server serves')]
				: run({...subject, server: subject.server}),
	});
