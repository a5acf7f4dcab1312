/** A value of a ZConfig file that reads back unchanged: `$` starts a substitution there. */
export const renderConfValue = (text: string): string => text.replaceAll('$', '$$$$');

/** A word of a `program` line: quotes hold a span with white space together, and mean nothing otherwise. */
export const renderProgramWord = (text: string): string =>
	renderConfValue(/\s/u.test(text) ? `"${text}"` : text);

/** Any text inside of Markdown, as it is. */
export const renderMarkdown = (text: string): string =>
	text.replaceAll(/[!-/:-@[-`{-~]/g, character => `\\${character}`);
