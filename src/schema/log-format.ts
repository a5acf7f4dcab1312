import {parseBraceFormat} from './brace-format.js';
import type {FormatPiece} from './format-piece.js';
import {fieldNames, type LogRecord, readField} from './log-record.js';
import {parsePercentFormat} from './percent-format.js';
import {parseTemplateFormat} from './template-format.js';

export type LogStyle = 'classic' | 'format' | 'template' | 'safe-template';

/** The keys of a handler that decide how its records read. */
export type LogFormatOptions = {
	readonly format: string;
	readonly style: LogStyle;
	/** Accept unknown fields; they stay in the record as they are written. */
	readonly arbitraryFields: boolean;
};

/**
 * Makes the function that writes records in a handler's format (without the final newline); `asctime` writes the time
 * of a record. Throws an Error with ZConfig's words, or a sentence of ours where the original ends in a stack trace.
 * A format that compiles writes every record.
 */
export const compileLogFormat = (
	{format, style, arbitraryFields}: LogFormatOptions,
	asctime: (created: number) => string = String,
): ((record: LogRecord) => string) => {
	const pieces = parseFormat(replaceEscapes(format), style);
	for (const piece of pieces) checkPiece(piece, arbitraryFields || style === 'safe-template');
	return record =>
		pieces
			.map(piece => {
				if (typeof piece === 'string') return piece;
				const value = readField(record, piece.field, asctime);
				return value === undefined ? piece.source : piece.render(value);
			})
			.join('');
};

const parseFormat = (format: string, style: LogStyle): FormatPiece[] => {
	switch (style) {
		case 'classic':
			return parsePercentFormat(format || '%(message)s');
		case 'format':
			return parseBraceFormat(format || '{message}');
		default:
			return parseTemplateFormat(format || '${message}', style === 'safe-template');
	}
};

/** Two characters of the conf stand for one that a conf cannot hold. */
const replaceEscapes = (format: string): string =>
	format
		.replaceAll('\\n', '\n')
		.replaceAll('\\t', '\t')
		.replaceAll('\\b', '\b')
		.replaceAll('\\f', '\f')
		.replaceAll('\\r', '\r');

const sample: LogRecord = {
	name: 'root',
	levelno: 10,
	message: 'amessage',
	created: 1.1,
	pid: 1,
	startedAt: 0,
};

/** Tries a field out, as ZConfig does on load; an unknown one counts as an integer there. */
const checkPiece = (piece: FormatPiece, acceptsUnknown: boolean): void => {
	if (typeof piece === 'string') return;
	const value = readField(sample, piece.field, () => 'atime');
	if (value === undefined && !acceptsUnknown) {
		throw new Error(`unknown field '${piece.field}' in the format; known are: ${fieldNames}`);
	}
	piece.render(value ?? {type: 'integer', value: 42});
};
