/**
 * Whether a line of a unit, of a crontab or of a shell script has this word, in whatever quotes. Those, backslashes
 * and the doubling of `%` and `$` are not compared.
 */
export const holdsWord = (line: string, word: string): boolean => {
	const [text, sought] = [bare(line), bare(word)];
	const isAt = (index: number): boolean =>
		/^(?:[\s=;&|]|$)/.test(text.charAt(index - 1)) &&
		/^(?:[\s;&|]|$)/.test(text.charAt(index + sought.length));
	for (let index = text.indexOf(sought); index !== -1; index = text.indexOf(sought, index + 1))
		if (isAt(index)) return true;
	return false;
};

const bare = (text: string): string =>
	text
		.replaceAll(/["'\\]/g, '')
		.replaceAll(/%+/g, '%')
		.replaceAll(/\$+/g, '$');
