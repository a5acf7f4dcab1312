import path from 'node:path';
import {verifyFiles} from '../generate/verify.js';
import type {Answers} from '../scaffold/answers.js';
import {tlsFolder} from '../scaffold/authentication.js';
import {comparePlan, digestOf, findSurplus} from '../scaffold/compare-plan.js';
import {
	type InstanceFile,
	type InstancePlace,
	planFolders,
	planInstance,
	zeoctlConf,
} from '../scaffold/instance-plan.js';
import {readInstanceFile} from '../scaffold/read-instance.js';
import {findObstacle} from '../scaffold/write-instance.js';
import type {Context} from './command.js';
import {planService} from './plan-service.js';
import {resolveConflicts} from './resolve-conflicts.js';
import {cannotMake} from './scaffold-error.js';

/** What is to be done to the files of an instance. Paths are relative to it. */
export type InstanceDraft = {
	readonly files: readonly InstanceFile[];
	/** Made once, unchanged since, and no longer wanted. */
	readonly removed: readonly string[];
	/** Changed by hand, and left so. */
	readonly kept: readonly string[];
	/** Why files of the service are left out. */
	readonly refusals: readonly string[];
	/** What the programs that will read the files of the service object to. */
	readonly objections: readonly string[];
	/** Each file as it was planned, by digest. */
	readonly digests: Readonly<Record<string, string>>;
};

export type DraftOptions = {
	readonly answers: Answers;
	readonly place: InstancePlace;
	/** Each file as it was made the last time, by digest. */
	readonly made: Readonly<Record<string, string>>;
	/** Whether a file that was changed by hand may be replaced; undefined where nobody can be asked. */
	readonly ask: ((file: string) => Promise<boolean | undefined>) | undefined;
};

/**
 * Plans all files of an instance and compares them with those that are there. Those of its service are made from the
 * confs as they will be, with what a person has changed in them. Nothing is written.
 */
export const draftInstance = async (
	context: Context,
	options: DraftOptions,
): Promise<InstanceDraft> => {
	const {system} = context;
	const {answers, place, made} = options;
	const {folder} = place;
	const own = await decide(context, planInstance(answers, place), options);
	const service = await planService(system, {
		conf: zeoctlConf(answers, place),
		group: answers.run_group,
		files: new Map([...own.contents].map(([file, text]) => [path.join(folder, file), text])),
		folders: [...planFolders(answers, place).map(each => each.path), tlsFolder(folder)],
	});
	const plan = service.files.map(file => ({...file, path: `etc/${file.path}`}));
	const others = await decide(context, plan, options);
	const digests = {...own.digests, ...others.digests};
	// Of what could not be planned nobody knows whether it is still wanted.
	const refused = service.refusals.flatMap(({folders}) => folders.map(each => `etc/${each}`));
	const unknown = Object.fromEntries(
		Object.entries(made).filter(([file]) => refused.includes(path.dirname(file))),
	);
	const surplus = findSurplus({
		made,
		planned: {...unknown, ...digests},
		read: file => readInstanceFile(folder, file),
	});
	return {
		files: [...own.files, ...others.files],
		removed: surplus.removed,
		kept: [...own.kept, ...others.kept, ...surplus.kept],
		refusals: service.refusals.map(({reason}) => reason),
		objections: await verifyFiles(service.files, system.environment),
		digests: {...unknown, ...digests},
	};
};

type Decision = Pick<InstanceDraft, 'files' | 'kept' | 'digests'> & {
	/** What the files will hold. */
	readonly contents: ReadonlyMap<string, string>;
};

const decide = async (
	context: Context,
	plan: readonly InstanceFile[],
	{place: {folder}, made, ask}: DraftOptions,
): Promise<Decision> => {
	const obstacle = findObstacle(folder, plan);
	if (obstacle !== undefined) throw cannotMake(folder, `'${obstacle}' is not a folder`);
	const read = (file: string) => readInstanceFile(folder, file);
	const comparisons = comparePlan(plan, {read, made});
	const accepted = await resolveConflicts(context, comparisons, {ask});
	const isWanted = ({file, verdict}: (typeof comparisons)[number]): boolean =>
		verdict === 'create' || verdict === 'replace' || accepted.has(file.path);
	return {
		files: comparisons.filter(isWanted).map(({file}) => file),
		kept: comparisons
			.filter(({verdict, file}) => verdict === 'conflict' && !accepted.has(file.path))
			.map(({file}) => file.path),
		digests: Object.fromEntries(plan.map(file => [file.path, digestOf(file.content)])),
		contents: new Map(
			comparisons.map(each => [
				each.file.path,
				isWanted(each) ? each.file.content : (each.present ?? each.file.content),
			]),
		),
	};
};
