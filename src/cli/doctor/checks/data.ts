import {renderBytes} from '../../../platform/quantities.js';
import {fileStorage} from '../../../storage/zeo.js';
import {type Check, ofServer} from '../check.js';
import {dataPaths} from '../data-paths.js';
import {databaseFindings} from '../databases.js';
import {type Finding, fine, idle, orFine, warning} from '../finding.js';
import {describeLoss, findLostFiles} from '../lost-files.js';
import {ownPid} from '../own-program.js';

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
		const found = databaseFindings(await subject.databases(), [
			...(['interrupted-pack', 'missing', 'emptied', 'older', 'begun-anew'] as const),
			...(['unclear', 'foreign', 'unreadable', 'python-2', 'ledger'] as const),
		]);
		return orFine(found, files.map(describeFile).join(', '));
	},
});

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
