/** CSI and OSC sequences (ECMA-48): colours, cursor movement, window titles. */
const sequences =
	/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g;

/** C0 without tab, DEL, C1, direction overrides, line separators and halves of surrogate pairs. */
const controls =
	/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;

const renderControl = (character: string): string => {
	const code = character.charCodeAt(0);
	return code < 0x100
		? `\\x${code.toString(16).padStart(2, '0')}`
		: `\\u${code.toString(16).padStart(4, '0')}`;
};

/**
 * One line of foreign text, safe to print on a terminal: escape sequences are removed, every other control
 * character is shown as `\x07`. Printable text and tabs stay as they are; the result never holds a newline.
 */
export const renderForTerminal = (text: string): string =>
	text.replace(sequences, '').replace(controls, renderControl);
