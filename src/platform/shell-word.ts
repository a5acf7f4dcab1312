/** A word as a POSIX shell reads it back unchanged; quoted only where it must be, and without control characters. */
export const renderShellWord = (word: string): string => {
	if (/^[\w@%+=:,./-]+$/.test(word)) return word;
	// A shell drops line ends from the end of what a command prints.
	return controls.test(word) && !word.endsWith('\n')
		? `"$(printf ${quote(word.replace(/[\\%]/g, '$&$&').replace(/\p{Cc}/gu, toOctal))})"`
		: quote(word);
};

const controls = /[\u0001-\u001f\u007f]/;

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const toOctal = (character: string): string =>
	character > '\u007f' ? character : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;

/** A command line that a person can paste into a shell. */
export const renderShellCommand = (words: readonly string[]): string =>
	words.map(renderShellWord).join(' ');
