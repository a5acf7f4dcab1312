/** A word as a POSIX shell reads it back unchanged; quoted only where it must be. */
export const renderShellWord = (word: string): string =>
	/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A command line that a person can paste into a shell. */
export const renderShellCommand = (words: readonly string[]): string =>
	words.map(renderShellWord).join(' ');
