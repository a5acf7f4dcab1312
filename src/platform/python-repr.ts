const plain = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;

// Python escapes the categories Cc, Cf, Cs, Co, Cn, Zl, Zp and Zs, the blank excepted (`str.isprintable`). Made when
// it is needed: collecting the characters of these categories takes half a millisecond of every start.
const unprintable = (): RegExp => /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu;

const notAscii = /[^ -~]/gu;

/** A string as Python's `repr` writes it; with `ascii`, as its `ascii()` does. */
export const renderPythonString = (text: string, ascii = false): string => {
	if (plain.test(text)) return `'${text}'`;
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const body = text
		.replaceAll('\\', '\\\\')
		.replaceAll(quote, `\\${quote}`)
		.replace(ascii ? notAscii : unprintable(), escapeCharacter);
	return `${quote}${body}${quote}`;
};

const escapeCharacter = (character: string): string => {
	if (character === ' ') return ' ';
	if (character === '\n') return '\\n';
	if (character === '\r') return '\\r';
	if (character === '\t') return '\\t';
	return escapeCodePoint(character.codePointAt(0) ?? 0);
};

/** The shortest of Python's numeric escapes. */
export const escapeCodePoint = (code: number): string => {
	const digits = code.toString(16);
	if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
	return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
};
