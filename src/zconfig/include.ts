import {isUtf8} from 'node:buffer';
import path from 'node:path';
import {systemErrorCode} from '../platform/errors.js';
import {renderPythonString} from '../platform/python-repr.js';
import type {Problem} from './errors.js';
import {isPath, pathToUrl, unquote, urlToPath} from './url.js';

/** Reads a file whole, or throws a system error. The path is absolute. */
export type FileReader = (path: string) => Uint8Array;

type Source =
	| {readonly ok: true; readonly url: string; readonly text: string}
	| {readonly ok: false; readonly problem: Problem};

/** Opens the URL or path of a configuration; never throws for what is in the file system. */
export type SourceReader = (location: string) => Source;

/** A reader of sources on top of a synchronous reader of files. */
export const sourceReader =
	(readFile: FileReader, cwd: string): SourceReader =>
	location => {
		const isFile = isPath(location);
		const url = normalizeUrl(isFile ? pathToUrl(location, cwd) : location);
		const fragment = isFile ? -1 : url.indexOf('#');
		if (fragment !== -1 && fragment < url.length - 1) {
			return refuse(url, 'fragment identifiers are not supported');
		}
		return readUrl(fragment === -1 ? url : url.slice(0, fragment), file =>
			readFile(path.resolve(cwd, file)),
		);
	};

const readUrl = (url: string, readFile: FileReader): Source => {
	const target = urlToPath(url);
	if ('reason' in target) return cannotOpen(url, target.reason);
	if (target.path.includes('\0')) return cannotOpen(url, 'embedded null byte');
	try {
		return decode(url, readFile(target.path));
	} catch (error) {
		return cannotOpen(url, pythonReason(error, target.path));
	}
};

/** Python insists on two slashes before an absolute path. */
const normalizeUrl = (url: string): string =>
	!url.startsWith('file:///') && /^file:\/(?!\/\/)/i.test(url) ? `file://${url.slice(5)}` : url;

const refuse = (url: string, message: string, line?: number): Source => ({
	ok: false,
	problem: {message, style: line === undefined ? 'none' : 'structure', url, line},
});

const cannotOpen = (url: string, reason: string): Source =>
	refuse(
		url,
		/^file:\/\//i.test(url)
			? `error opening file ${unquote(url.slice(7))}: ${reason}`
			: `error opening URL ${url}: ${reason}`,
	);

/** Texts of the C library where Node words them differently. */
const systemTexts: Readonly<Record<string, string>> = {
	EISDIR: 'Is a directory',
	ELOOP: 'Too many levels of symbolic links',
	ENAMETOOLONG: 'File name too long',
};

const pythonReason = (error: unknown, file: string): string => {
	if (!(error instanceof Error)) return String(error);
	const code = systemErrorCode(error);
	const number = 'errno' in error && typeof error.errno === 'number' ? -error.errno : undefined;
	if (code === undefined || number === undefined) return error.message;
	const words = /^\w+: ([^,]*)/.exec(error.message)?.[1] ?? code;
	const text = systemTexts[code] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
	return `[Errno ${number}] ${text}: ${renderPythonString(file)}`;
};

const decode = (url: string, bytes: Uint8Array): Source => {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (isUtf8(buffer)) return {ok: true, url, text: buffer.toString('utf8')};
	const line = firstInvalidLine(buffer);
	return refuse(url, 'the file is not UTF-8 text', line);
};

/** UTF-8 never uses the byte of a line end inside a character, so lines can be judged one by one. */
const firstInvalidLine = (buffer: Buffer): number => {
	for (let line = 1, start = 0; ; line++) {
		const newline = buffer.indexOf(0x0a, start);
		if (newline === -1 || !isUtf8(buffer.subarray(start, newline))) return line;
		start = newline + 1;
	}
};
