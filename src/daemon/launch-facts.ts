import {digestOf} from '../platform/digest.js';
import type {LaunchOrder} from '../supervisor/report.js';
import type {Place} from './mode.js';

/** What a program is started with, by the name that the conf has for it; the values are digests. */
export type LaunchFacts = Readonly<Record<string, string>>;

/** The facts that only another start of the program changes. */
export const describeLaunch = (
	{settings, reading}: Pick<LaunchOrder, 'settings' | 'reading'>,
	argv: readonly string[],
	{directory, umask, transcript}: Place,
): LaunchFacts => {
	const ofServer = (reading?.sources ?? []).filter(({part}) => part === 'server');
	const facts = {
		program: argv,
		directory,
		umask,
		transcript,
		'<environment>': settings.environment,
		'<zeo>': [settings.zeo, settings.storages],
	};
	return Object.fromEntries([
		...Object.entries(facts).map(([name, value]) => [name, digestOfValue(value)]),
		...ofServer.map(({file, digest}) => [file, digest]),
	]);
};

const digestOfValue = (value: unknown): string =>
	digestOf(Buffer.from(JSON.stringify(value ?? null)));

/** The names of what differs; nothing is known of a program without facts. */
export const compareLaunches = (
	before: LaunchFacts | undefined,
	after: LaunchFacts,
): readonly string[] =>
	before === undefined
		? []
		: [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
				name => before[name] !== after[name],
			);
