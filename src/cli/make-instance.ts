import {readFileSync} from 'node:fs';
import path from 'node:path';
import {findAccount, findGroup} from '../platform/accounts.js';
import {errorMessage, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {isTerminal} from '../platform/terminal.js';
import {checkRoot, type Machine} from '../scaffold/answer-checks.js';
import type {Answers} from '../scaffold/answers.js';
import {comparePlan, digestOf} from '../scaffold/compare-plan.js';
import {planFolders, planInstance} from '../scaffold/instance-plan.js';
import {type InstanceRecord, parseRecord, recordFile, renderRecord} from '../scaffold/record.js';
import {listReleases, readRequirements} from '../scaffold/releases.js';
import {settleAnswers} from '../scaffold/settle-answers.js';
import {findObstacle, writeInstance} from '../scaffold/write-instance.js';
import type {Context} from './command.js';
import {giveInstance} from './give-instance.js';
import {readMachine} from './init-machine.js';
import type {InitOptions} from './init-options.js';
import {packageFolder} from './package-folder.js';
import {resolveConflicts} from './resolve-conflicts.js';

/** What was made. Files are relative to the folder. */
export type MadeInstance = {
	readonly folder: string;
	readonly written: readonly string[];
	/** Changed by hand, and left so. */
	readonly kept: readonly string[];
	readonly notes: readonly string[];
};

/** Makes an instance, or makes its files anew; undefined when a person has left the questions. */
export const makeInstance = async (
	context: Context,
	options: InitOptions,
): Promise<MadeInstance | undefined> => {
	const {system} = context;
	const {folder} = options;
	const objection = checkRoot(folder);
	if (objection !== undefined) throw cannotMake(folder, `its path must be ${objection}`);
	const record = readRecord(folder);
	checkPurpose(options, record);

	const releaseFolder = packageFolder(system, 'scripts/releases');
	const machine = readMachine(folder, listReleases(releaseFolder), record?.answers ?? {});
	const given = {...record?.answers, ...options.given};
	const isAsking = !options.yes && !context.json && isTerminal(0) && system.stdout.isTerminal;
	const answers = await findAnswers(given, machine, {...options, isAsking});
	if (answers === undefined) return undefined;

	const place = {
		folder,
		node: process.execPath,
		script: path.resolve(system.cwd, system.programName),
		requirements: readRequirements(releaseFolder, answers),
	};
	const plan = planInstance(answers, place);
	const obstacle = findObstacle(folder, plan);
	if (obstacle !== undefined) throw cannotMake(folder, `${quote(obstacle)} is not a folder`);
	const comparisons = comparePlan(plan, {
		read: file => readIfPresent(path.join(folder, file)),
		made: record?.files ?? {},
	});
	const ask = isAsking ? (await import('../scaffold/wizard.js')).askReplace : undefined;
	const accepted = await resolveConflicts(context, comparisons, ask);
	const isWanted = ({file, verdict}: (typeof comparisons)[number]): boolean =>
		verdict === 'create' || verdict === 'replace' || accepted.has(file.path);
	const files = comparisons.filter(isWanted).map(({file}) => file);
	const made = Object.fromEntries(plan.map(file => [file.path, digestOf(file.content)]));
	const kept = {path: recordFile, mode: 0o600, content: renderRecord({answers, files: made})};
	const account = await findAccount(answers.run_user);
	const gid = await findGroup(answers.run_group);
	const folders = planFolders(answers, place);
	try {
		writeInstance(folder, {folders, files: [...files, kept], gid});
		giveInstance(folders.slice(2), account && {...account, gid: gid ?? account.gid});
	} catch (cause) {
		throw cannotMake(folder, errorMessage(cause), cause);
	}
	return {
		folder,
		written: files.map(file => file.path),
		kept: comparisons
			.filter(({verdict, file}) => verdict === 'conflict' && !accepted.has(file.path))
			.map(({file}) => file.path),
		notes: [
			...(account ? [] : [`the user ${answers.run_user} does not exist yet`]),
			...(gid === undefined ? [`the group ${answers.run_group} does not exist yet`] : []),
		],
	};
};

const checkPurpose = ({folder, update}: InitOptions, record: InstanceRecord | undefined): void => {
	if (update && record === undefined)
		throw cannotMake(folder, `it holds no ${recordFile}, so there are no answers to update from`);
	if (!update && record !== undefined)
		throw new ZeoctlError(
			'SCAFFOLD',
			`cannot make an instance in ${quote(folder)}: it is one already`,
			{
				hint: renderShellCommand(['zeoctl', 'init', '--update', folder]),
			},
		);
};

const findAnswers = async (
	given: Partial<Answers>,
	machine: Machine,
	{update, yes, isAsking}: InitOptions & {readonly isAsking: boolean},
): Promise<Answers | undefined> => {
	if (isAsking && !update) {
		const {askAnswers} = await import('../scaffold/wizard.js');
		return askAnswers(given, machine);
	}
	if (!yes && !update)
		throw new ZeoctlError('USAGE', 'cannot ask for the answers: this is no terminal', {
			hint: 'zeoctl init --yes [--answers FILE]',
		});
	const settled = settleAnswers(given, machine);
	if ('answers' in settled) return settled.answers;
	const reasons = settled.refusals.map(
		({name, value, reason}) => `${name} ${quote(value)}: ${reason}`,
	);
	throw new ZeoctlError('USAGE', `cannot make an instance: ${reasons.join('; ')}`);
};

const readRecord = (folder: string): InstanceRecord | undefined => {
	const file = path.join(folder, recordFile);
	try {
		const text = readIfPresent(file);
		return text === undefined ? undefined : parseRecord(text);
	} catch (cause) {
		throw cannotMake(folder, `${quote(file)} cannot be read: ${errorMessage(cause)}`, cause);
	}
};

const readIfPresent = (file: string): string | undefined => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (systemErrorCode(error) === 'ENOENT') return undefined;
		throw error;
	}
};

const cannotMake = (folder: string, why: string, cause?: unknown): ZeoctlError =>
	new ZeoctlError('SCAFFOLD', `cannot make an instance in ${quote(folder)}: ${why}`, {cause});
