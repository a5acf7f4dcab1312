import {closeSync, openSync, readSync} from 'node:fs';
import {renderShellCommand} from '../platform/shell-word.js';
import {findPython} from '../program/python-command.js';

/** What a storage file is, by its first bytes, and what helps. */
export type DataFileDescription = {readonly detail: string; readonly next: string};

/** Looks at the beginning of a `Data.fs` that ZODB refuses; best effort, never throws. */
export const describeDataFile = (
	file: string,
	argv: readonly string[],
): DataFileDescription | undefined => {
	const magic = readMagic(file);
	switch (magic) {
		case undefined:
			return undefined;
		case 'FS21':
			return {
				detail:
					'the file was written under Python 2 (it begins with FS21); it must be converted once',
				next: renderShellCommand(['zodbupdate', '--convert-py3', '--file', file]),
			};
		case 'FS30':
			return {
				detail: 'the file begins as it should, but is damaged further on (or its .index is)',
				next: renderShellCommand([
					findPython(argv),
					'-m',
					'ZODB.fsrecover',
					file,
					`${file}.recovered`,
				]),
			};
		default:
			return {
				detail: `the file does not begin like a FileStorage (FS30), but with ${JSON.stringify(magic)}: another file, or overwritten`,
				next: renderShellCommand(['ls', '-l', file, `${file}.old`]),
			};
	}
};

const readMagic = (file: string): string | undefined => {
	let fd: number | undefined;
	try {
		fd = openSync(file, 'r');
		const bytes = Buffer.alloc(4);
		return bytes.toString('latin1', 0, readSync(fd, bytes, 0, 4, 0));
	} catch {
		return undefined;
	} finally {
		if (fd !== undefined) {
			closeSync(fd);
		}
	}
};
