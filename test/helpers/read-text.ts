import type {FileSystem} from '../../src/settings/file-system.js';
import {loadSettings} from '../../src/settings/load.js';
import type {Overrides, Settings} from '../../src/settings/settings.js';

export type TextPlace = {
	readonly files?: Readonly<Record<string, string>>;
	readonly folders?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly cwd?: string;
};

/** A machine with nothing but these files, and folders above each of them. */
export const textFileSystem = ({files = {}, folders = []}: TextPlace): FileSystem => {
	const known = new Set(['/', ...folders]);
	for (const file of Object.keys(files)) {
		for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
			known.add(file.slice(0, end));
		}
	}
	return {
		readFile(path) {
			const content = files[path];
			if (content !== undefined) return Buffer.from(content);
			throw Object.assign(new Error('ENOENT: no such file or directory, open'), {
				code: 'ENOENT',
				errno: -2,
			});
		},
		isDirectory: path => known.has(path.length > 1 ? path.replace(/\/+$/, '') : path),
		exists: path => known.has(path) || path in files,
		homeOf: () => undefined,
	};
};

/** Settings of a conf that is given as text; it is called `/etc/x.conf`. */
export const settingsOf = (
	text: string,
	place: TextPlace = {},
	overrides: Overrides = {},
): Settings =>
	loadSettings({
		overrides: {configFile: '/etc/x.conf', ...overrides},
		environment: place.environment ?? {HOME: '/home/me'},
		cwd: place.cwd ?? '/',
		fileSystem: textFileSystem({...place, files: {...place.files, '/etc/x.conf': text}}),
	});
