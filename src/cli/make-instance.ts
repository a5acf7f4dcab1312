import path from 'node:path';
import {findAccount, findGroup, findGroupName} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {realFile} from '../platform/real-file.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {isTerminal} from '../platform/terminal.js';
import {checkRoot} from '../scaffold/answer-checks.js';
import type {Answers} from '../scaffold/answers.js';
import {authenticationOf} from '../scaffold/authentication.js';
import {type InstancePlace, planFolders} from '../scaffold/instance-plan.js';
import {readRecord} from '../scaffold/read-instance.js';
import {type InstanceRecord, recordFile, renderRecord} from '../scaffold/record.js';
import {listReleases, readRequirements} from '../scaffold/releases.js';
import {writeInstance} from '../scaffold/write-instance.js';
import {authenticateInstance} from './authenticate-instance.js';
import type {Context} from './command.js';
import {draftInstance, type InstanceDraft} from './draft-instance.js';
import {giveInstance} from './give-instance.js';
import {findAnswers} from './init-answers.js';
import {readMachine} from './init-machine.js';
import type {InitOptions} from './init-options.js';
import {findPassword} from './init-password.js';
import {packageFolder} from './package-folder.js';
import {cannotMake, orCannotMake} from './scaffold-error.js';

/** What was made. Files are relative to the folder. */
export type MadeInstance = {
	readonly folder: string;
	readonly written: readonly string[];
	/** Made once, and wanted no more. */
	readonly removed: readonly string[];
	/** Changed by hand, and left so. */
	readonly kept: readonly string[];
	readonly notes: readonly string[];
	/** What the programs that will read the files of the service object to. */
	readonly objections: readonly string[];
};

/** Makes an instance, or makes its files anew; undefined when a person has left the questions. */
export const makeInstance = async (
	context: Context,
	options: InitOptions,
): Promise<MadeInstance | undefined> => {
	const {system} = context;
	// Those who run it later may come by another way; a service sees the real one.
	const folder = realFile(options.folder);
	const objection = checkRoot(folder);
	if (objection !== undefined) throw cannotMake(folder, `its path must be ${objection}`);
	const record = await orCannotMake(folder, () => readRecord(folder));
	checkPurpose(folder, options, record);

	const releases = packageFolder(system, 'scripts/releases');
	const machine = readMachine(folder, listReleases(releases), record?.answers ?? {});
	const isAsking = !options.yes && !context.json && isTerminal(0) && system.stdout.isTerminal;
	const answers = await findAnswers({...record?.answers, ...options.given}, machine, {
		asks: isAsking && !options.update,
		proposes: options.yes || options.update,
	});
	if (answers === undefined) return undefined;
	const password = await findPassword(folder, answers, {...options, isAsking});
	const place = {
		folder,
		node: process.execPath,
		script: path.resolve(system.cwd, system.programName),
		requirements: readRequirements(releases, answers),
	};
	const ask = isAsking ? (await import('../scaffold/wizard.js')).askReplace : undefined;
	const made = record?.files ?? {};
	const draft = await orCannotMake(folder, () =>
		draftInstance(context, {answers, place, made, ask}),
	);
	const notes = await orCannotMake(folder, () => write(context, {answers, place, password, draft}));
	const {files, removed, kept, objections, refusals} = draft;
	return {
		...{folder, removed, kept, objections},
		written: files.map(file => file.path),
		notes: [
			...refusals.map(reason => `left out: ${reason}`),
			...describePassword(answers, options.password),
			...notes,
		],
	};
};

/** Resolves to what a person has to know. */
const write = async (
	{system}: Context,
	{
		answers,
		place,
		password,
		draft,
	}: {
		readonly answers: Answers;
		readonly place: InstancePlace;
		readonly password: string | undefined;
		readonly draft: InstanceDraft;
	},
): Promise<readonly string[]> => {
	const {folder} = place;
	const {environment, clock} = system;
	const account = await findAccount(answers.run_user);
	const gid = account?.gid ?? (await findGroup(answers.run_group));
	const record = renderRecord({answers, files: draft.digests});
	const folders = planFolders(answers, place);
	const written = writeInstance(folder, {
		...{folders, gid, removed: draft.removed},
		files: [...draft.files, {path: recordFile, mode: 0o600, content: record}],
	});
	try {
		const order = {folder, answers, password, environment, now: clock.now()};
		const notes = await authenticateInstance(order);
		if (account) giveInstance(folder, account, written.folders);
		return [...notes, ...(await describeAccount(answers, account))];
	} catch (error) {
		written.undo();
		throw error;
	}
};

const describePassword = (answers: Answers, password: string | undefined): readonly string[] =>
	password && authenticationOf(answers) === 'certificates'
		? [`zeo_auth_password is not used: ZEO ${answers.zeo_version} knows certificates`]
		: [];

const describeAccount = async (
	{run_user, run_group}: Answers,
	account: Account | undefined,
): Promise<readonly string[]> => {
	if (account === undefined)
		return [`the user ${run_user} does not exist yet: bootstrap tells what makes it`];
	const group = (await findGroupName(account.gid)) ?? String(account.gid);
	return [
		...(group === run_group
			? []
			: [`the server will run with the group of ${run_user}, which is ${group}`]),
		...(account.uid === 0 || [0, account.uid].includes(process.geteuid?.() ?? -1)
			? []
			: [`only root can give these files to ${run_user}, who could not read them`]),
	];
};

const checkPurpose = (
	folder: string,
	{update}: InitOptions,
	record: InstanceRecord | undefined,
): void => {
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
