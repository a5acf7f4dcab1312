import {existsSync} from 'node:fs';
import {renderHolder} from '../../../guard/describe-holder.js';
import {type Holder, whoHoldsLock} from '../../../guard/holders.js';
import {lockFileOf} from '../../../guard/lock.js';
import {findReader} from '../../../guard/readers.js';
import {findWriter} from '../../../guard/writers.js';
import {realFile} from '../../../platform/real-file.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {type Check, ofServer} from '../check.js';
import {dataPaths} from '../data-paths.js';
import {error, type Finding, fine, idle, orFine, unknown, warning} from '../finding.js';
import {describeLoss, findLostFiles, findStrandedFile} from '../lost-files.js';
import {isOwn} from '../own-program.js';
import type {ServedSubject} from '../subject.js';

const noFile = [idle('no storage has a file')];

/** The data files of a server, as they really are. */
const realPaths = (subject: ServedSubject): readonly string[] => dataPaths(subject).map(realFile);

const writers = ofServer({
	group: 'locks',
	name: 'writers',
	about: 'nobody but the server of the instance has its databases open for writing',
	async run(subject) {
		const files = realPaths(subject);
		if (files.length === 0) return noFile;
		const lost = await findLostFiles(subject);
		const found = await Promise.all(
			files.map(async file => {
				const loss = lost.find(each => each.path === file);
				return loss === undefined ? judgeWriter(file, subject) : [describeLoss(loss, subject)];
			}),
		);
		const unclaimed = lost.filter(({isUnclaimed}) => isUnclaimed);
		return [...found.flat(), ...unclaimed.map(each => describeLoss(each, subject))];
	},
});

const judgeWriter = async (file: string, subject: ServedSubject): Promise<readonly Finding[]> => {
	const holder = findWriter(file) ?? (await whoHoldsLock(`${file}.lock`));
	if (holder === undefined)
		return subject.user.isSelf || process.geteuid?.() === 0
			? [fine(`nobody writes '${file}', as far as can be seen`)]
			: [
					unknown(
						`who has '${file}' open is seen by ${subject.user.account?.uid === 0 ? 'root' : `${subject.user.named} and root`} only`,
					),
				];
	const stranded = findStrandedFile(file, subject);
	if (stranded !== undefined) return [stranded];
	if (await isOwn(holder, subject)) return [fine(`process ${holder.pid} writes '${file}'`)];
	return [await describeStranger(file, holder, subject)];
};

/** Who cannot be seen may be the server itself, as may be anybody while the supervisor cannot be asked. */
const describeStranger = async (
	file: string,
	holder: Holder,
	{now, contact}: ServedSubject,
): Promise<Finding> => {
	const text = `'${file}' is in use by ${renderHolder(holder, now)}`;
	const isClear = holder.visible && (await contact()).contact !== 'unusable';
	return isClear
		? error(text, {
				advice: 'end that process as it should be ended; zeoctl starts no second server meanwhile',
				command: renderShellCommand(['ps', '-fp', String(holder.pid)]),
			})
		: unknown(text, {command: renderShellCommand(['sudo', 'fuser', '-v', file])});
};

const leftovers = ofServer({
	group: 'locks',
	name: 'lock-files',
	about: 'lock files that are left over are free, so that a start can have them',
	async run(subject) {
		const locks = realPaths(subject).flatMap(file =>
			[`${file}.lock`, lockFileOf(file)].map(lock => ({file, lock})),
		);
		const present = locks.filter(({lock}) => existsSync(lock));
		if (present.length === 0) return [idle('there are none')];
		const found = await Promise.all(present.map(each => judgeLock(each, subject)));
		return orFine(found.flat(), `${present.length} lock files, as they should be`);
	},
});

const judgeLock = async (
	{file, lock}: {readonly file: string; readonly lock: string},
	subject: ServedSubject,
): Promise<readonly Finding[]> => {
	const holder = await whoHoldsLock(lock);
	if (holder === undefined || (await isOwn(holder, subject))) return [];
	return [findStrandedFile(file, subject) ?? (await describeStranger(lock, holder, subject))];
};

const readers = ofServer({
	group: 'locks',
	name: 'readers',
	about: 'no backup reads the databases just now, which a pack would wait for',
	run(subject) {
		const files = realPaths(subject);
		if (files.length === 0) return noFile;
		return orFine(
			files.flatMap(file => {
				const holder = findReader(file);
				return holder === undefined
					? []
					: [
							warning(`'${file}' is being read by ${renderHolder(holder, subject.now)}`, {
								advice: 'a pack is skipped until it is over',
							}),
						];
			}),
			'nobody, as far as can be seen',
		);
	},
});

/** Who has the databases. */
export const lockChecks: readonly Check[] = [writers, leftovers, readers];
