import {type Finding, idle, unknown} from './finding.js';
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

/** What a check finds that cannot do without. */
export const needsConf = unknown('the conf does not tell enough');

/** A check that needs a conf without errors. */
export const ofConf = ({run, ...question}: Question<ConfiguredSubject>): Check => ({
	...question,
	run: subject =>
		subject.configured === undefined ? [needsConf] : run({...subject, ...subject.configured}),
});

/** A check that needs a conf which tells what the server serves. */
export const ofServer = ({run, ...question}: Question<ServedSubject>): Check =>
	ofConf({
		...question,
		run: subject =>
			subject.server === undefined
				? [withoutServer(subject)]
				: run({...subject, server: subject.server}),
	});

const withoutServer = ({system, settings}: ConfiguredSubject): Finding =>
	system.findProgramServer(settings) === undefined
		? idle('the program is no ZEO server')
		: unknown('the conf of the server does not tell enough');
