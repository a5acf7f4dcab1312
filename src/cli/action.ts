/** The action and what follows it, split out of the words after the flags. */
export type Action = {
	/** Empty when there is nothing but white space, or a line that no action can begin with. */
	readonly name: string;
	/** Everything, as one line. */
	readonly line: string;
	/** What follows the action, word by word; what was glued to it comes first. */
	readonly argumentWords: readonly string[];
	/** The words after the action's own word, verbatim, for a program that is started with them. */
	readonly programArguments: readonly string[];
};

/**
 * Splits as zdaemon does: the words are one line, the action ends at the first character that is not a letter,
 * digit or underscore (`status-l` is `status -l`), and `?` means `help`. Blank words before the action, as of a wrapper's
 * `"$OPTIONS" start`, are none. Actions of our own with a hyphen are known
 * by their whole word.
 */
export const parseAction = (words: readonly string[]): Action => {
	const begin = words.findIndex(word => word.trim() !== '');
	const [first = '', ...others] = begin === -1 ? [] : words.slice(begin);
	const typed = first.trimStart();
	const word = typed.startsWith('?') ? `help ${typed.slice(1)}` : typed;
	const name = /^(?:accept-database(?![\w-])|\w*)/.exec(word)?.[0] ?? '';
	const glued = word.slice(name.length).trim();
	return {
		name,
		line: [word, ...others].join(' ').trim(),
		argumentWords: [...(glued === '' ? [] : glued.split(/\s+/)), ...others],
		programArguments: others,
	};
};

/** What follows the action, as one line. */
export const argumentLine = (action: Action): string => action.argumentWords.join(' ').trim();

/** Takes `--json` out of what follows the action, from where the command allows it. */
export const takeJson = (
	action: Action,
	place: 'anywhere' | 'first' | 'never',
): {readonly action: Action; readonly json: boolean} => {
	const {argumentWords, programArguments} = action;
	const isOurs = (word: string, index: number): boolean =>
		word === '--json' && (place === 'anywhere' || (place === 'first' && index === 0));
	const isNotOurs = (word: string, index: number): boolean => !isOurs(word, index);
	return {
		json: argumentWords.some(isOurs),
		action: {
			...action,
			argumentWords: argumentWords.filter(isNotOurs),
			programArguments: programArguments.filter(isNotOurs),
		},
	};
};
