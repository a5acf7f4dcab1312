import type {FileSystem} from './file-system.js';

/** A file system as it will be: some files, by absolute path, and some folders with those above them are there. */
export const withPlannedFiles = (
	present: FileSystem,
	{
		files,
		folders,
	}: {readonly files: ReadonlyMap<string, string>; readonly folders: readonly string[]},
): FileSystem => {
	const isPlannedFolder = (file: string): boolean =>
		folders.some(folder => folder === file || folder.startsWith(`${file}/`));
	return {
		...present,
		readFile(file) {
			const text = files.get(file);
			return text === undefined ? present.readFile(file) : Buffer.from(text);
		},
		isDirectory: file => isPlannedFolder(file) || present.isDirectory(file),
		exists: file => files.has(file) || isPlannedFolder(file) || present.exists(file),
	};
};
