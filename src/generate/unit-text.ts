/** A word of a list in a unit file (`ReadWritePaths=`): quoted where needed, with nothing left to expand. */
export const renderUnitWord = (word: string): string => {
	const text = word.replaceAll('%', '%%');
	return /^[\w@%+:,./-]+$/.test(text)
		? text
		: `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};

/** A command line for `ExecStart=` and the like, whose words reach the program unchanged. */
export const renderUnitCommand = (words: readonly string[]): string =>
	words.map(word => renderUnitWord(word.replaceAll('$', '$$$$'))).join(' ');

/**
 * A value that is the rest of its line (`Description=`, `WorkingDirectory=`). Quotes mean nothing there, white space at
 * the end is dropped, and a backslash there would join the next line.
 */
const renderUnitLine = (text: string): string => text.replaceAll('%', '%%');

/** A folder as the rest of a line: a slash guards its end. */
export const renderUnitFolder = (folder: string): string =>
	renderUnitLine(/[\s\\]$/u.test(folder) ? `${folder}/` : folder);

/** A path as the beginning of a pattern that is the rest of a line (`ConditionPathExistsGlob=`). */
export const renderUnitGlob = (path: string): string =>
	renderUnitLine(path.replaceAll(/[\\*?[\]{}]/g, '\\$&'));
