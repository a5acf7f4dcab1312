import {renderPythonString} from '../platform/python-repr.js';
import {ConversionError} from './conversion-error.js';
import type {Datatype} from './datatypes.js';
import {parsePythonInteger} from './numbers.js';

/** How fields are written in a format: `%(name)s`, `{name}` or `$name`. */
export type LogStyle = 'classic' | 'format' | 'template' | 'safe-template';

const levels: Readonly<Record<string, number>> = {
	critical: 50,
	fatal: 50,
	error: 40,
	warn: 30,
	warning: 30,
	info: 20,
	blather: 15,
	debug: 10,
	trace: 5,
	all: 1,
	notset: 0,
};

/** A level's name, or an integer from 0 to 50. */
export const loggingLevel: Datatype<number> = text => {
	const folded = text.toLowerCase();
	if (Object.hasOwn(levels, folded)) return levels[folded] ?? 0;
	const level = parsePythonInteger(folded, 10);
	if (level < 0 || level > 50) throw new ConversionError(`log level not in range: ${level}`);
	return Number(level);
};

const controlCharacters: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	b: '\b',
	f: '\f',
	r: '\r',
};

/** `\\n` and the like, two characters in the file, as the one that they stand for. */
export const escapedString: Datatype<string> = text =>
	text.includes('\\')
		? text.replace(/\\([ntbfr])/g, (_, letter: string) => controlCharacters[letter] ?? '')
		: text;

const styles: readonly LogStyle[] = ['classic', 'format', 'safe-template', 'template'];

/** The name of a style, in any case. */
export const logStyle: Datatype<LogStyle> = text => {
	const style = styles.find(known => known === text.toLowerCase());
	if (style) return style;
	const accepted = styles.map(name => renderPythonString(name)).join(', ');
	throw new ConversionError(
		`log_format_style must be one of ${accepted}; found ${renderPythonString(text)}`,
	);
};

const facilities =
	'auth authpriv cron daemon kern local0 local1 local2 local3 local4 local5 local6 local7 lpr mail news security syslog user uucp';

/** Where a syslog daemon sorts records in. */
export const syslogFacility: Datatype<string> = text => {
	const facility = text.toLowerCase();
	const known = facilities.split(' ');
	if (known.includes(facility)) return facility;
	throw new ConversionError(`Syslog facility must be one of ${known.join(', ')}`);
};

/** An URL that records can be sent to. */
export const httpUrl: Datatype<string> = text => {
	const url = text.replace(/^[\0-\x20]+/, '').replace(/[\t\r\n]/g, '');
	const [, scheme, host, path] =
		/^([a-zA-Z][-+.a-zA-Z0-9]*):(?:\/\/([^/?#]*))?([^?#]*)/.exec(url) ?? [];
	if (scheme?.toLowerCase() !== 'http') throw new ConversionError('url must be an http url');
	if (host?.includes('[') !== host?.includes(']')) throw new ConversionError('Invalid IPv6 URL');
	if (!host) throw new ConversionError('url must specify a location');
	if (!path?.replace(/;[^/]*$/, '')) throw new ConversionError('url must specify a path');
	return url;
};

/** GET or POST, in any case. */
export const httpMethod: Datatype<string> = text => {
	const method = text.toUpperCase();
	if (method === 'GET' || method === 'POST') return method;
	throw new ConversionError(
		`method must be "GET" or "POST", instead received: ${renderPythonString(method)}`,
	);
};
