import {accessSync, closeSync, constants, openSync, readSync, statSync} from 'node:fs';
import {systemErrorCode} from '../platform/errors.js';
import {mayAccess} from '../platform/may-access.js';

/** What stands at the path of a program. */
export type ExecutableState =
	| {readonly state: 'missing' | 'folder' | 'not-executable' | 'unreadable' | 'fine'}
	/** A script whose `#!` line names a program that does not exist, or (`\r`) has a DOS line end. */
	| {readonly state: 'no-interpreter'; readonly interpreter: string}
	/** The interpreter may not be executed, or a folder on the way to it, links followed, may not be entered. */
	| {readonly state: 'interpreter-denied'; readonly interpreter: string};

/** Looks at a program, for an explanation; best effort, never throws. */
export const inspectExecutable = (file: string): ExecutableState => {
	try {
		if (statSync(file).isDirectory()) {
			return {state: 'folder'};
		}
	} catch (error) {
		return {state: systemErrorCode(error) === 'EACCES' ? 'unreadable' : 'missing'};
	}

	if (!mayAccess(file, constants.X_OK)) {
		return {state: 'not-executable'};
	}

	const interpreter = readInterpreter(file);
	return interpreter === undefined ? {state: 'fine'} : inspectInterpreter(interpreter);
};

const inspectInterpreter = (interpreter: string): ExecutableState => {
	try {
		accessSync(interpreter, constants.X_OK);
		return {state: 'fine'};
	} catch (error) {
		const isHidden = systemErrorCode(error) === 'EACCES';
		return {state: isHidden ? 'interpreter-denied' : 'no-interpreter', interpreter};
	}
};

/** The kernel reads no more than this of a `#!` line (BINPRM_BUF_SIZE). */
const longestLine = 256;

/** The program that a `#!` line names; undefined for other files and unreadable ones. */
export const readInterpreter = (file: string): string | undefined => {
	let fd: number | undefined;
	try {
		fd = openSync(file, 'r');
		const bytes = Buffer.alloc(longestLine);
		const text = bytes.toString('latin1', 0, readSync(fd, bytes, 0, longestLine, 0));
		return /^#![ \t]*([^ \t\n]+)/.exec(text)?.[1];
	} catch {
		return undefined;
	} finally {
		if (fd !== undefined) {
			closeSync(fd);
		}
	}
};
