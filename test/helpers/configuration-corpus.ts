import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {temporaryFolder} from './temporary-folder.js';
import {projectRoot} from './zeoctl.js';

/** One configuration of `test/fixtures/confs`, made for this machine. */
export type CorpusFile = {
	/** Path below the corpus, such as `pyams/pyams-zeo.conf`. */
	readonly name: string;
	/** Absolute path of the copy that can be read. */
	readonly file: string;
	readonly bytes: Buffer;
	/** Read by the server itself, not by its supervisor. */
	readonly isServers: boolean;
};

export type Corpus = {
	/** The instance folder that the files speak of. */
	readonly root: string;
	readonly files: readonly CorpusFile[];
	/** Values of the variables that the files use. */
	readonly environment: Readonly<Record<string, string>>;
};

const folders =
	'parts/zeoserver/bin var/filestorage var/log log run etc bin lib Köln/run Köln/log'.split(' ');
const emptyFiles = 'bin/python bin/zdrun.py etc/encryption.conf'.split(' ');

/** Copies the fixtures into a fresh instance folder, with their placeholders filled in. */
export const configurationCorpus = (t: ExecutionContext<unknown>): Corpus => {
	const root = temporaryFolder(t);
	for (const folder of folders) mkdirSync(path.join(root, folder), {recursive: true});
	for (const file of emptyFiles) writeFileSync(path.join(root, file), '');
	const source = path.join(projectRoot, 'test/fixtures/confs');
	const files = readdirSync(source, {recursive: true, encoding: 'utf8'})
		.filter(name => statSync(path.join(source, name)).isFile())
		.sort()
		.map(name => {
			const file = path.join(root, 'confs', name);
			const text = readFileSync(path.join(source, name), 'utf8')
				.replaceAll('{{root}}', root)
				.replaceAll('{{dir}}', path.dirname(file));
			mkdirSync(path.dirname(file), {recursive: true});
			writeFileSync(file, text);
			const isServers = /\.runzeo\.conf$|-zeo\.conf$/.test(name) && name !== 'minimal-zeo.conf';
			return {name, file, bytes: Buffer.from(text), isServers};
		})
		.filter(({name}) => name.endsWith('.conf'));
	const environment = {
		HOME: root,
		PATH: process.env['PATH'] ?? '',
		ZEO_PORT: '8100',
		ZEO_READ_ONLY: 'false',
		ZEO_INVALIDATION_QUEUE_SIZE: '100',
		ZEO_PACK_KEEP_OLD: 'true',
	};
	return {root, files, environment};
};
