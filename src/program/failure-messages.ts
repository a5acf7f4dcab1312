import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {renderShellCommand} from '../platform/shell-word.js';
import type {NetworkAddress} from '../settings/settings.js';
import type {Failure, FailureEvidence, FailureSubject} from './failure-kinds.js';
import {renderInstall} from './python-command.js';
import {readPythonString} from './python-output.js';

type Place = NonNullable<FailureSubject['place']>;

type Decoder = {
	readonly pattern: RegExp;
	readonly decode: (
		groups: readonly string[],
		context: {readonly place: Place | undefined; readonly evidence: FailureEvidence},
	) => Failure | undefined;
};

/** What an `Error: ...` of runzeo (zdaemon's option parser, with ZConfig's texts) means. */
export const decodePrintedError = (message: string, evidence: FailureEvidence): Failure => {
	const {text, place} = splitPlace(message);
	for (const {pattern, decode} of decoders) {
		const found = pattern.exec(text);
		const failure = found === null ? undefined : decode(found.slice(1), {place, evidence});
		if (failure !== undefined) {
			return failure;
		}
	}

	return {
		kind: 'configuration',
		cause: `the configuration of the program is refused: ${atPlace(text, place)}`,
		subject: {...(place && {place})},
		hint: undefined,
	};
};

/** ZConfig ends a message with `(line 3 in URL)` on a line of its own, or ` (line 3, in URL)`. */
const splitPlace = (
	message: string,
): {readonly text: string; readonly place: Place | undefined} => {
	const found = /^([\s\S]*?)\s*\(line (\d+)(?:, column \d+)?,? in (.+)\)$/.exec(message);
	const [, text = message, line, url = ''] = found ?? [];
	return {
		text: text.replaceAll('\n', ' '),
		place: found === null ? undefined : {file: readUrl(url), line: Number(line)},
	};
};

const readUrl = (url: string): string => {
	try {
		return fileURLToPath(url);
	} catch {
		return url;
	}
};

const atPlace = (text: string, place: Place | undefined): string =>
	place === undefined ? text : `${text} (${place.file}:${place.line})`;

/** Keys that ZEO 5 dropped, with what replaced them. */
const removedKeys: Readonly<Record<string, string>> = {
	'monitor-address': 'remove the line; `zeoctl migrate` makes a <monitor> section of it',
	'authentication-protocol':
		'remove the line; clients have certificates now, from `zeoctl certificates`',
	'authentication-database':
		'remove the line; clients have certificates now, from `zeoctl certificates`',
	'authentication-realm':
		'remove the line; clients have certificates now, from `zeoctl certificates`',
	'drop-cache-rather-verify': 'remove the line; it never had an effect on a server',
};

/** Section types that come from a package of their own. */
const importedTypes: Readonly<Record<string, string>> = {
	relstorage: 'relstorage',
	zlibstorage: 'zc.zlibstorage',
	serverzlibstorage: 'zc.zlibstorage',
	beforestorage: 'zc.beforestorage',
	zrs: 'zc.zrs',
	newt: 'newt.db',
};

/** Names come from a conf, which may say `constructor`. */
const lookUp = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
	Object.hasOwn(table, name) ? table[name] : undefined;

const decoders: readonly Decoder[] = [
	{
		pattern: /^address (.+) already in use$/,
		decode: ([printed = ''], {evidence}) => {
			const address = readAddress(printed) ?? evidence.server?.zeo.address;
			return {
				kind: 'address-in-use',
				cause: `the address ${address ? renderAddress(address) : printed} is already in use`,
				subject: {...(address && {address})},
				hint: undefined,
			};
		},
	},
	{
		pattern: /^'(.+)' is not a known key name$/,
		decode: ([key = ''], {place}) => ({
			kind: 'unknown-key',
			cause: atPlace(
				lookUp(removedKeys, key) !== undefined
					? `the key '${key}' is not known to ZEO 5 and later`
					: `the key '${key}' is not known here`,
				place,
			),
			subject: {key, ...(place && {place})},
			hint: lookUp(removedKeys, key) ?? 'correct or remove the line',
		}),
	},
	{
		pattern: /^The directory named as part of the path (.+) does not exist\.$/,
		decode: ([file = ''], {place}) => {
			const folder = path.dirname(file);
			return {
				kind: 'missing-folder',
				cause: atPlace(`the folder ${folder} does not exist`, place),
				subject: {path: folder, ...(place && {place})},
				hint: renderShellCommand(['mkdir', '-p', folder]),
			};
		},
	},
	{
		pattern: /^error opening file (.+?): \[Errno (\d+)\]/,
		decode: ([file = '', errno]) =>
			errno === '13'
				? {
						kind: 'permission',
						cause: `the configuration ${file} may not be read`,
						subject: {path: file},
						hint: undefined,
					}
				: {
						kind: 'missing-file',
						cause: `the configuration ${file} cannot be opened`,
						subject: {path: file},
						hint: renderShellCommand(['ls', '-l', file]),
					},
	},
	{
		pattern: /^could not load package ([^:]+): /,
		decode: ([module = ''], {evidence}) => ({
			kind: 'missing-module',
			cause: `the Python package ${module}, which the configuration imports, is not installed`,
			subject: {module},
			hint: renderInstall(module, evidence.argv),
		}),
	},
	{
		pattern: /^unknown type name: '(.+)'$/,
		decode: ([type = ''], {place}) => {
			const module = lookUp(importedTypes, type);
			return {
				kind: 'configuration',
				cause: atPlace(`the section type '${type}' is not known`, place),
				subject: {...(place && {place})},
				hint:
					module === undefined
						? 'correct the name of the section, or add the %import that brings it'
						: `write \`%import ${module}\` above the section`,
			};
		},
	},
	{
		pattern: /^(option .+|.+ use -. or -.|positional arguments are not supported.*)$/,
		decode: ([text = ''], {evidence}) => ({
			kind: 'usage',
			cause: `the command line of the program is refused: ${text}`,
			subject: {},
			hint: renderShellCommand([evidence.argv[0] ?? 'runzeo', '--help']),
		}),
	},
];

/** An address as people write it. */
export const renderAddress = (address: NetworkAddress): string => {
	if (address.family === 'unix') {
		return address.path;
	}

	const host = address.host.includes(':') ? `[${address.host}]` : address.host;
	return address.port === null ? host : `${host || '*'}:${address.port}`;
};

/** An address as Python prints it: `'/path'`, `('127.0.0.1', 8100)`, `('::1', 8100, 0, 0)`. */
export const readAddress = (printed: string): NetworkAddress | undefined => {
	const [, host, port] = /^\(('[^']*'), (\d+)(?:, \d+)*\)$/.exec(printed) ?? [];
	if (host !== undefined) {
		const name = host.slice(1, -1);
		return {family: name.includes(':') ? 'inet6' : 'inet', host: name, port: Number(port)};
	}

	const socket = /^['"]/.test(printed) ? readPythonString(printed) : undefined;
	return socket === undefined ? undefined : {family: 'unix', path: socket};
};
