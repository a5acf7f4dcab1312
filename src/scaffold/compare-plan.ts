import {createHash} from 'node:crypto';
import type {InstanceFile} from './instance-plan.js';

/**
 * What is to be done about a planned file. `create`: there is none. `replace`: the present one is as it was made.
 * `none`: it is as planned, or a person changed it and the plan for it is the same as then. `conflict`: a person
 * changed it, and the plan for it is another one, or it was not made by us.
 */
export type Comparison = {
	readonly file: InstanceFile;
	readonly verdict: 'create' | 'replace' | 'none' | 'conflict';
	/** What the file holds now. */
	readonly present: string | undefined;
};

/** Compares a plan with the files that are there, and with what was made at the time, by digest. */
export const comparePlan = (
	plan: readonly InstanceFile[],
	{
		read,
		made,
	}: {
		readonly read: (path: string) => string | undefined;
		readonly made: Readonly<Record<string, string>>;
	},
): readonly Comparison[] =>
	plan.map(file => {
		const present = read(file.path);
		return {file, present, verdict: judge(file, present, made[file.path])};
	});

const judge = (
	{content}: InstanceFile,
	present: string | undefined,
	made: string | undefined,
): Comparison['verdict'] => {
	if (present === undefined) return 'create';
	if (present === content || made === digestOf(content)) return 'none';
	return made === digestOf(present) ? 'replace' : 'conflict';
};

/**
 * Files that were made at the time and are planned no more: those that nobody has changed since go, the others stay.
 */
export const findSurplus = ({
	made,
	planned,
	read,
}: {
	readonly made: Readonly<Record<string, string>>;
	readonly planned: Readonly<Record<string, unknown>>;
	readonly read: (path: string) => string | undefined;
}): {readonly removed: readonly string[]; readonly kept: readonly string[]} => {
	const present = Object.keys(made)
		.filter(file => !Object.hasOwn(planned, file))
		.map(file => ({file, text: read(file)}))
		.filter(({text}) => text !== undefined);
	const isUnchanged = ({file, text = ''}: (typeof present)[number]): boolean =>
		digestOf(text) === made[file];
	return {
		removed: present.filter(isUnchanged).map(({file}) => file),
		kept: present.filter(each => !isUnchanged(each)).map(({file}) => file),
	};
};

/** What a file is recognised by later. */
export const digestOf = (content: string): string =>
	createHash('sha256').update(content).digest('hex');
