import {renderHolder} from '../../../guard/describe-holder.js';
import {canLookInto} from '../../../guard/descriptors.js';
import {whoHoldsLock} from '../../../guard/holders.js';
import {lockFileOf} from '../../../guard/lock.js';
import {renderBytes} from '../../../platform/quantities.js';
import {realFile} from '../../../platform/real-file.js';
import {fileStorage} from '../../../storage/zeo.js';
import {type Check, ofServer} from '../check.js';
import {dataPaths} from '../data-paths.js';
import {databaseFindings} from '../databases.js';
import {type Finding, fine, idle, orFine, unknown, warning} from '../finding.js';
import {describeLoss, findLostFiles, findStrandedFile} from '../lost-files.js';
import {isOwn, ownPid} from '../own-program.js';
import type {ServedSubject} from '../subject.js';

const noFile = [idle('no storage has a file')];

const content = ofServer({
	group: 'data',
	name: 'content',
	about: 'each Data.fs begins and ends as it should and is not older or emptier than it was',
	async run(subject) {
		const files = dataPaths(subject);
		if (files.length === 0) return noFile;
		const lost = await findLostFiles(subject);
		if (lost.length > 0) return lost.map(file => describeLoss(file, subject));
		const stranded = await findStranded(files, subject);
		const looks = await subject.databases();
		const found = databaseFindings(
			looks.filter(({path: file}) => !stranded.has(file)),
			[
				...(['interrupted-pack', 'missing', 'emptied', 'older', 'begun-anew'] as const),
				...(['unclear', 'foreign', 'unreadable', 'python-2', 'ledger'] as const),
			],
		);
		return orFine([...stranded.values(), ...found], files.map(describeFile).join(', '));
	},
});

/** What is said of files that are not there, although somebody has them open, or has their locks and may have. */
const findStranded = async (
	files: readonly string[],
	subject: ServedSubject,
): Promise<ReadonlyMap<string, Finding>> => {
	const found = new Map<string, Finding>();
	for (const file of files) {
		const finding = await judgeMissing(file, subject);
		if (finding !== undefined) found.set(file, finding);
	}
	return found;
};

const judgeMissing = async (file: string, subject: ServedSubject): Promise<Finding | undefined> => {
	if (fileStorage.glance(file).data !== undefined) return undefined;
	const stranded = findStrandedFile(file, subject);
	if (stranded !== undefined) return stranded;
	const real = realFile(file);
	const holder = (await whoHoldsLock(lockFileOf(real))) ?? (await whoHoldsLock(`${real}.lock`));
	if (holder === undefined) return undefined;
	// What the server of the instance has open was looked at, where it may be seen.
	if ((await isOwn(holder, subject)) && canLookInto(holder.pid ?? 0)) return undefined;
	return unknown(
		`'${file}' is missing, and its lock is held by ${renderHolder(holder, subject.now)}`,
		{
			advice: 'it may have been deleted under its server: do not end that process before this',
			command: subject.zeoctl('rescue'),
		},
	);
};

const describeFile = (file: string): string => {
	const size = fileStorage.glance(file).data?.size;
	return size === undefined ? `'${file}' is not there yet` : `'${file}' ${renderBytes(size)}`;
};

const place = ofServer({
	group: 'data',
	name: 'place',
	about: 'each Data.fs is one file with one name on a local disk',
	async run(subject) {
		const codes = ['hard-link', 'symbolic-link', 'network-file-system'] as const;
		if (dataPaths(subject).length === 0) return noFile;
		return orFine(databaseFindings(await subject.databases(), codes), 'a local disk');
	},
});

const creation = ofServer({
	group: 'data',
	name: 'create',
	about: "no 'create' that empties a database at the next start",
	async run(subject) {
		if (dataPaths(subject).length === 0) return noFile;
		return orFine(databaseFindings(await subject.databases(), ['create']), 'no storage has it on');
	},
});

const packs = ofServer({
	group: 'data',
	name: 'pack-leftovers',
	about: 'no copy of a pack that was broken off, no pack that nobody recorded',
	async run(subject) {
		if (dataPaths(subject).length === 0) return noFile;
		return orFine(
			databaseFindings(await subject.databases(), ['leftover-pack', 'unrecorded-pack']),
			'nothing is left over',
		);
	},
});

const index = ofServer({
	group: 'data',
	name: 'index',
	about: 'the index of a server that is down is saved, so that the next start is quick',
	async run(subject) {
		const files = dataPaths(subject);
		if (files.length === 0) return noFile;
		const pid = ownPid(await subject.contact());
		if (pid !== undefined) return [idle('it is saved when the server ends')];
		return files.map(judgeIndex);
	},
});

const judgeIndex = (file: string): Finding => {
	switch (fileStorage.isIndexSaved(file)) {
		case true:
			return fine(`'${file}.index' is of the whole file`);
		case false:
			return warning(`the index of '${file}' was not saved: the next start reads the whole file`, {
				advice: 'nothing is lost; raise start-timeout if the file is large',
			});
		case undefined:
			return idle(`'${file}' has no index yet`);
	}
};

/** What lies in the databases. */
export const dataChecks: readonly Check[] = [content, place, creation, packs, index];
