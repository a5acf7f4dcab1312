/** What `$name` and `$(NAME)` stand for. A definition is undefined when its own text could not be understood. */
export type Replacements = {
	readonly defines: ReadonlyMap<string, string | undefined>;
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** `text` is undefined when a definition that was refused before is used. */
export type Substitution =
	| {readonly ok: true; readonly text: string | undefined}
	| {readonly ok: false; readonly message: string; readonly hasPosition: boolean};

/** A value beyond this is a mistake (definitions that double each other), not a configuration. */
const longestValue = 1_000_000;

/** Whether a text may name a definition. */
export const isDefinitionName = (text: string): boolean =>
	text !== '' && nameAt(text, 0).length === text.length;

/** Replaces `$name`, `${name}`, `$(NAME)` and `$$`; results are not scanned again. */
export const substitute = (text: string, replacements: Replacements): Substitution => {
	if (!text.includes('$')) return {ok: true, text};
	let result = '';
	let isKnown = true;
	for (let index = 0; index < text.length; ) {
		const dollar = text.indexOf('$', index);
		if (dollar === -1) {
			result += text.slice(index);
			break;
		}
		result += text.slice(index, dollar);
		const reference = parseReference(text, dollar + 1);
		if ('message' in reference) return {ok: false, message: reference.message, hasPosition: false};
		index = reference.end;
		const replacement = lookUp(reference, replacements);
		if (replacement === null) {
			const message = `no replacement for '${reference.name}'`;
			return {ok: false, message, hasPosition: true};
		}
		if (replacement === undefined) isKnown = false;
		else result += replacement;
		if (result.length > longestValue) {
			return {ok: false, message: 'value too long after substitution', hasPosition: true};
		}
	}
	return {ok: true, text: isKnown ? result : undefined};
};

type Reference = {
	readonly from: 'define' | 'environment' | 'dollar';
	readonly name: string;
	readonly end: number;
};

const lookUp = (
	{from, name}: Reference,
	{defines, environment}: Replacements,
): string | undefined | null => {
	if (from === 'dollar') return '$';
	if (from === 'environment') {
		return Object.hasOwn(environment, name) ? (environment[name] ?? null) : null;
	}
	const folded = name.toLowerCase();
	return defines.has(folded) ? defines.get(folded) : null;
};

const parseReference = (text: string, start: number): Reference | {readonly message: string} => {
	const first = text[start];
	if (first === undefined) return {message: "illegal lone '$' at end of source"};
	if (first === '$') return {from: 'dollar', name: '', end: start + 1};
	if (first !== '{' && first !== '(') {
		const name = nameAt(text, start);
		if (name === '') return {message: "'$' not followed by '$' or name"};
		return {from: 'define', name, end: start + name.length};
	}
	const name = nameAt(text, start + 1);
	if (name === '') return {message: `'$${first}' not followed by name`};
	const close = first === '{' ? '}' : ')';
	const end = start + 1 + name.length;
	if (text[end] !== close) return {message: `'$${first}${name}' not followed by '${close}'`};
	return {from: first === '{' ? 'define' : 'environment', name, end: end + 1};
};

const nameAt = (text: string, start: number): string => {
	let end = start;
	while (end < text.length && isNameCharacter(text.charCodeAt(end), end > start)) end++;
	return text.slice(start, end);
};

const isNameCharacter = (code: number, mayBeDigit: boolean): boolean =>
	(code >= 0x61 && code <= 0x7a) ||
	(code >= 0x41 && code <= 0x5a) ||
	code === 0x5f ||
	(mayBeDigit && code >= 0x30 && code <= 0x39);
