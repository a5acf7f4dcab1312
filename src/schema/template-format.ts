import {convertValue, type FormatPiece} from './format-piece.js';

const placeholder = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\}|)/gi;

/** Python's `string.Template`: `$name`, `${name}`, `$$`; a `safe` one leaves any other `$` as it is. */
export const parseTemplateFormat = (format: string, safe: boolean): FormatPiece[] => {
	const pieces: FormatPiece[] = [];
	let position = 0;
	for (const match of format.matchAll(placeholder)) {
		const [source, dollar, named, braced] = match;
		const field = named ?? braced;
		pieces.push(format.slice(position, match.index));
		position = match.index + source.length;
		if (dollar !== undefined) pieces.push('$');
		else if (field !== undefined) {
			pieces.push({field, source, render: value => convertValue(value, 's')});
		} else if (safe) pieces.push(source);
		else throw new Error(`Invalid placeholder in string: ${lineAndColumn(format, match.index)}`);
	}
	return [...pieces, format.slice(position)];
};

const lineAndColumn = (format: string, index: number): string => {
	const lines = format.slice(0, index).split('\n');
	return `line ${lines.length}, col ${[...(lines.at(-1) ?? '')].length + 1}`;
};
