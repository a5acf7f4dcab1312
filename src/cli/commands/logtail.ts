import {closeSync, existsSync, openSync, statSync} from 'node:fs';
import path from 'node:path';
import {StringDecoder} from 'node:string_decoder';
import {errorMessage, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {nearestFolder} from '../../platform/nearest-folder.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderShellCommand} from '../../platform/shell-word.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {followFile} from '../../transcript/tail.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {say} from '../output.js';
import {paintLevel} from '../paint-level.js';
import type {System} from '../system.js';

export const logtail: InstanceCommand = {
	name: 'logtail',
	summary: 'show the end of a log and what is written to it',
	usage: '[-n LINES] [FILE]',
	options: [
		['-n LINES', 'how many lines to begin with (default 10)'],
		['FILE', 'default: logfile, else transcript, as configured'],
	],
	exitCodes: ['ok', 'failed', 'usage'],
	notes: [
		'Follows the file across rotation until Ctrl-C; a default file that is not there yet is waited for.',
		'On a terminal the levels of log records are coloured.',
	],
	json: 'never',
	scope: 'instance',
	forAnyone: true,
	async run(context) {
		const {system, action} = context;
		const {lines, file: given} = parseTailArguments(action.argumentWords);
		const file = given ?? defaultFile(context);
		if (file === undefined) {
			say(context, 'No default log file specified; use logtail <logfile>\n');
			return exitCode('usage');
		}
		const name = path.resolve(system.cwd, file);
		if (given === undefined && !existsSync(name)) {
			system.stderr.write(`waiting for ${renderForTerminal(file)}, which does not exist yet\n`);
		} else refuseUnreadable(name, file);
		const ending = new AbortController();
		const ignoreInterrupts = system.onInterrupt(() => {
			system.stdout.write('\n');
			ending.abort();
		});
		const write = tailWriter(system);
		const following = followFile(name, {
			signal: ending.signal,
			lines,
			write: chunk => {
				if (!write(chunk)) ending.abort();
			},
			truncatedNotice: '==> File truncated <==\n',
		});
		// The last lines are out: what watches takes its time.
		const ignoreReader = system.onReaderGone(() => ending.abort());
		await following;
		ignoreReader();
		ignoreInterrupts();
		return exitCode('ok');
	},
};

/** `-n LINES` or `-nLINES` first, the rest is one file name, as it was for zdaemon. */
const parseTailArguments = (
	words: readonly string[],
): {readonly lines: number; readonly file: string | undefined} => {
	const [first = '', second] = words;
	if (!first.startsWith('-n')) return {lines: 10, file: words.join(' ').trim() || undefined};
	const glued = first.slice('-n'.length);
	const value = glued === '' ? (second ?? '') : glued;
	if (!/^\d{1,9}$/.test(value))
		throw new ZeoctlError('USAGE', `cannot show ${quote(value)} lines: not a number`);
	const file = words
		.slice(glued === '' ? 2 : 1)
		.join(' ')
		.trim();
	return {lines: Number(value), file: file || undefined};
};

/** A relative transcript lies in `directory`, a relative logfile in the caller's folder; an empty one is none. */
const defaultFile = ({settings, system}: InstanceContext): string | undefined => {
	const {logfile, transcript, directory, daemon} = settings.runner;
	if (logfile) return logfile;
	if (transcript === undefined || !daemon) return undefined;
	return path.resolve(system.cwd, directory ?? '.', transcript);
};

const refuseUnreadable = (name: string, typed: string): void => {
	try {
		// Opening a named pipe would wait for somebody who writes to it.
		if (!statSync(name).isFile()) throw new Error('not a regular file');
		closeSync(openSync(name, 'r'));
	} catch (error) {
		throw new ZeoctlError('TRANSCRIPT', `cannot read ${quote(typed)}: ${whyNot(error)}`, {
			cause: error,
			...remedyOf(error, name),
		});
	}
};

const remedyOf = (
	error: unknown,
	name: string,
): {readonly hint?: string; readonly asUser?: string} => {
	switch (systemErrorCode(error)) {
		case 'ENOENT':
			return {hint: renderShellCommand(['ls', nearestFolder(path.dirname(name))])};
		case 'EACCES':
			return {asUser: 'root'};
		default:
			return {};
	}
};

const whyNot = (error: unknown): string => {
	switch (systemErrorCode(error)) {
		case 'ENOENT':
			return 'no such file';
		case 'EACCES':
			return 'permission denied';
		default:
			return errorMessage(error);
	}
};

/** Bytes as they are; on a terminal without anything that could confuse it, and each level in its colour. */
const tailWriter = (system: Pick<System, 'stdout' | 'environment'>) => {
	const {stdout} = system;
	if (!stdout.isTerminal) return (chunk: Buffer): boolean => stdout.write(chunk);
	const decoder = new StringDecoder('utf8');
	return (chunk: Buffer): boolean =>
		stdout.write(
			decoder
				.write(chunk)
				.split('\n')
				.map(line => paintLevel(system, renderForTerminal(line)))
				.join('\n'),
		);
};
