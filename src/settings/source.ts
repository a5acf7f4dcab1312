import {digestOf} from '../platform/digest.js';
import type {FileSystem} from './file-system.js';

/** A file that settings were read from. */
export type Source = {
	/** Absolute. */
	readonly file: string;
	/** What it held then. */
	readonly digest: string;
	/** `server`: only the program reads it, again at each of its starts. */
	readonly part: 'own' | 'server';
};

/** Remembers what is read as configuration; digests are made when they are asked for. */
export type SourceNotes = {
	/** The same files, whose reading is noted for one part. */
	noting(fileSystem: FileSystem, part: Source['part']): FileSystem;
	/** Each file once, as it was read last; what our own configuration includes is no part of the server's. */
	list(): readonly Source[];
};

/** Notes of one process; see `FileSystem.noteSource`. */
export const createSourceNotes = (): SourceNotes => {
	const noted = {own: new Map<string, Uint8Array>(), server: new Map<string, Uint8Array>()};
	return {
		noting: (fileSystem, part) => ({
			...fileSystem,
			noteSource: (file, content) => noted[part].set(file, content),
		}),
		list() {
			const ofServer = [...noted.server].filter(([file]) => !noted.own.has(file));
			return [
				...[...noted.own].map(entry => toSource(entry, 'own')),
				...ofServer.map(entry => toSource(entry, 'server')),
			];
		},
	};
};

const toSource = (
	[file, content]: readonly [string, Uint8Array],
	part: Source['part'],
): Source => ({file, digest: digestOf(content), part});
