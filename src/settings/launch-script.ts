import path from 'node:path';

export type ScriptOptions = {
	/** Absolute path of the script. */
	readonly file: string;
	readonly text: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/**
 * The command that a wrapper script runs in its own place, as words: the `exec` line of a shell script, or the
 * literal arguments of a generated Python script. Undefined when the script is of another kind. Only what the usual
 * generators write is understood; nothing is executed.
 */
export const commandOfScript = (options: ScriptOptions): readonly string[] | undefined => {
	const first = options.text.slice(0, options.text.indexOf('\n') >>> 0);
	if (!first.startsWith('#!')) return undefined;
	if (/python|pypy/.test(first)) return pythonCommand(options.text);
	return /\bsh\b|bash|dash|ksh/.test(first) ? shellCommand(options) : undefined;
};

/** Buildout writes `main(["-C", "/path"] + sys.argv[1:])`; pip writes a script without arguments of its own. */
const pythonCommand = (text: string): readonly string[] | undefined => {
	if (!text.includes('runzeo')) return undefined;
	const literal = /(['"])(?:-C|--configure)\1\s*,\s*(['"])((?:(?!\2)[^\\\n])+)\2/.exec(text);
	return literal?.[3] === undefined ? ['runzeo'] : ['runzeo', '-C', literal[3]];
};

const shellCommand = ({file, text, environment}: ScriptOptions): readonly string[] | undefined => {
	const variables = new Map<string, string>();
	const expand = expander({variables, environment, file});
	let command: readonly string[] | undefined;
	for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
		const assignment = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line);
		const [, name, value] = assignment ?? [];
		if (name !== undefined && value !== undefined) {
			variables.set(name, shellWords(value, expand)[0] ?? '');
		} else if (/runzeo/i.test(line) && !/^\s*#/.test(line)) {
			const words = shellWords(line, expand);
			command = words[0] === 'exec' ? words.slice(1) : words;
		}
	}
	return command;
};

type Expansion = {
	readonly variables: ReadonlyMap<string, string>;
	readonly environment: ScriptOptions['environment'];
	readonly file: string;
};

/** The folder of the script, as scripts ask for it: `$(dirname "$0")`, `$(cd "$(dirname "$0")" && pwd)`. */
const folderPattern =
	/^\$\((?:cd\s+"?)?(?:\$\()?dirname\s+(?:--\s+)?"?(?:\$0|\$\(readlink\s+-f\s+"?\$0"?\)|\$\{?BASH_SOURCE(?:\[0\])?\}?)"?\)?"?(\/[\w./-]*)?(?:"?\s*&&\s*pwd\s*(?:-P)?\)|"?\s*;\s*pwd\s*\)|"?\))?/;

/** The value of the `$` expression at the start of a text, and its length. */
type Expander = (text: string) => {readonly value: string; readonly length: number};

const expander =
	({variables, environment, file}: Expansion): Expander =>
	text => {
		const arguments_ = /^\$(?:\{1\+"\$@"\}|[@*]|\{[@*]\})/.exec(text);
		if (arguments_) return {value: '', length: arguments_[0].length};
		const folder = folderPattern.exec(text);
		if (folder)
			return {value: path.join(path.dirname(file), folder[1] ?? '.'), length: folder[0].length};
		const variable = /^\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/.exec(text);
		if (!variable) return {value: '$', length: 1};
		const name = variable[1] ?? variable[3] ?? '';
		const value = variables.get(name) ?? environment[name] ?? variable[2] ?? '';
		return {value, length: variable[0].length};
	};

/** The words of one simple command; a word made of the script's own arguments alone vanishes. */
const shellWords = (line: string, expand: Expander): string[] => {
	const words: string[] = [];
	let word: string | undefined;
	let quote = '';
	const finish = (): void => {
		if (word) words.push(word);
		word = undefined;
	};
	for (let index = 0; index < line.length; index++) {
		const character = line.charAt(index);
		if (character === '\\' && quote !== "'") word = (word ?? '') + line.charAt(++index);
		else if (character === '$' && quote !== "'") {
			const {value, length} = expand(line.slice(index));
			word = (word ?? '') + value;
			index += length - 1;
		} else if (character === quote) quote = '';
		else if (quote === '' && (character === '"' || character === "'")) {
			quote = character;
			word ??= '';
		} else if (quote === '' && /[\s;&|<>]/.test(character)) {
			finish();
			if (/[;&|<>]/.test(character)) break;
		} else if (quote === '' && character === '#' && word === undefined) break;
		else word = (word ?? '') + character;
	}
	finish();
	return words;
};
