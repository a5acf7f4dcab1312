/**
 * How ZConfig prints the position of a problem: not at all; `\n(line N in URL)` for syntax and structure;
 * ` (line N, in URL)` for a value; ` (line N, -1, in URL)` for a section; for `-X` with a fixed text.
 */
export type PositionStyle = 'none' | 'structure' | 'value' | 'section' | 'specifier';

/** What a problem is about, so that the name which was probably meant can be found. */
export type ProblemSubject = {
	readonly kind: 'unknown-key' | 'unknown-section' | 'missing-key' | 'missing-section';
	readonly name: string;
	/** Type of the section that it is in, undefined at the top level. */
	readonly section: string | undefined;
	/** Tells the sections of one file apart. */
	readonly container: number;
	/** Names that would have been accepted. */
	readonly known: readonly string[];
};

/** One mistake in a configuration. The position is known even where ZConfig does not print it. */
export type Problem = {
	/** ZConfig's words, without position. */
	readonly message: string;
	readonly style: PositionStyle;
	/** The URL of the file, or undefined for what was given on the command line. */
	readonly url: string | undefined;
	/** Counted from 1; undefined when the problem is about the file as a whole. */
	readonly line: number | undefined;
	readonly subject?: ProblemSubject;
};

/** The text that ZConfig prints for a problem, with its position. */
export const renderProblem = ({message, style, url, line}: Problem): string => {
	switch (style) {
		case 'none':
			return message;
		case 'structure':
			return `${message}\n(line ${line} in ${url})`;
		case 'value':
			return `${message} (line ${line}, in ${url})`;
		case 'section':
			return `${message} (line ${line}, -1, in ${url})`;
		case 'specifier':
			return `${message}\n(line -1, column -1 in <command-line option>)`;
	}
};
