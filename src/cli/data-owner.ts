import {lstatSync, type Stats} from 'node:fs';
import path from 'node:path';
import type {ServiceFacts} from '../generate/service-facts.js';
import type {Machine} from '../generate/steps.js';
import {findAccount, findGroup, findGroupName} from '../platform/accounts.js';
import {ZeoctlError} from '../platform/errors.js';
import type {Account} from '../platform/passwd.js';
import {renderPythonString as quote} from '../platform/python-repr.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {makeUserWords} from './make-user.js';

/**
 * The numbers that the data has of a user who is gone, as after an uninstall: whoever is made for it gets them again,
 * if nobody else has them. Undefined where the user of the service can use all that is there, or root gives it to
 * that. Throws where the data is another's: that is not for an installation to decide.
 */
export const findFormerNumbers = async (facts: ServiceFacts): Promise<Machine['numbers']> => {
	const account = await findAccount(facts.user);
	const foreign = [
		...facts.data,
		...facts.folders.filter(each => !each.startsWith('/run/')),
	].flatMap(file => {
		const stats = lstatSync(file, {throwIfNoEntry: false});
		return stats === undefined || mayWrite(stats, account) ? [] : [{file, stats}];
	});
	const [first] = foreign;
	if (first === undefined) return undefined;
	const {uid, gid} = first.stats;
	const holder = await findAccount(String(uid));
	const isOneUsers = foreign.every(({stats}) => stats.uid === uid);
	if (account === undefined && holder === undefined && isOneUsers) {
		const isFree = (await findGroupName(gid)) === undefined;
		const isWanted = (await findGroup(facts.group)) === undefined;
		return {uid, gid: isFree && isWanted ? gid : undefined};
	}
	throw new ZeoctlError(
		'PERMISSION',
		`cannot install the service: ${quote(first.file)} belongs to ${holder?.name ?? `the user ${uid}, who has no name`}, and ${facts.user} could not write to it`,
		{hint: renderGift(facts, {account, uid, files: foreign.map(({file}) => file)})},
	);
};

/** What is root's is given to the user by the installation. */
const mayWrite = ({uid, gid, mode}: Stats, account: Account | undefined): boolean =>
	uid === 0 ||
	uid === account?.uid ||
	(gid === account?.gid && (mode & 0o020) !== 0) ||
	(mode & 0o002) !== 0;

/** The command that gives the data to the user. */
const renderGift = (
	{user, data}: ServiceFacts,
	{
		account,
		uid,
		files,
	}: {
		readonly account: Account | undefined;
		readonly uid: number;
		readonly files: readonly string[];
	},
): string => {
	const folders = [
		...new Set(files.map(file => (data.includes(file) ? path.dirname(file) : file))),
	].filter((folder, _, all) => !all.some(other => folder.startsWith(`${other}/`)));
	const give = ['chown', '-R', `--from=${uid}`, `${user}:`, ...folders];
	return [...(account === undefined ? [makeUserWords(user)] : []), give]
		.map(renderShellCommand)
		.join(' && ');
};
