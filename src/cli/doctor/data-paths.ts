import path from 'node:path';
import type {ServedSubject} from './subject.js';

/** The data files of a server as the conf has them, absolute. */
export const dataPaths = ({
	server,
	directory,
}: Pick<ServedSubject, 'server' | 'directory'>): readonly string[] =>
	server.storages.flatMap(({path: file}) =>
		file === undefined ? [] : [path.resolve(directory, file)],
	);
