import fs from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {fileSystemType} from '../../../transcript/file-system.js';
import {findSharedLogs, transcriptOf, withoutEventLog} from '../../log-warnings.js';
import {type Check, ofConf, ofServer} from '../check.js';
import {type Finding, fine, idle, orFine, warning} from '../finding.js';
import type {Subject} from '../subject.js';
import {logRotators} from './log-rotators.js';

const eventLog = ofServer({
	group: 'logs',
	name: 'event-log',
	about: 'the server writes a log of its own',
	run({server}) {
		if (server.hasEventLog) return [fine(server.logFiles?.join(', ') ?? 'it has an <eventlog>')];
		const {message, hint} = withoutEventLog(server.confPath);
		return [warning(message, hint === undefined ? {} : {advice: hint})];
	},
});

const writers = ofConf({
	group: 'logs',
	name: 'one-writer',
	about: 'no two of supervisor, server and transcript write one file',
	run: ({settings, server, directory}) =>
		orFine(
			findSharedLogs(settings, server, directory).map(({message, hint}) =>
				warning(message, hint === undefined ? {} : {advice: hint}),
			),
			'each file has one writer',
		),
});

const output = ofConf({
	group: 'logs',
	name: 'transcript',
	about: 'what the program prints is kept, and no line of it is lost',
	async run({contact, settings, directory, zeoctl, service}) {
		const file = transcriptOf(settings, directory);
		const look = file === undefined ? await service() : undefined;
		if (look !== undefined && 'unit' in look && look.unit !== undefined)
			return [fine('the journal of systemd has it')];
		if (file === undefined)
			return [
				warning('what the program prints is not kept, but for its last lines', {
					advice: 'add "transcript FILE" to <runner>, or let systemd run it',
				}),
			];
		const seen = await contact();
		const present = seen.contact === 'session' ? seen.status.transcript : null;
		return present === null ? [fine(file)] : judgeTranscript(present, zeoctl);
	},
});

/** What a supervisor tells of the transcript. */
export const judgeTranscript = (
	{
		path: file,
		problem,
		linesLost,
	}: {readonly path: string; readonly problem: string | null; readonly linesLost: number},
	zeoctl: Subject['zeoctl'],
): readonly Finding[] =>
	orFine(
		[
			...(problem === null
				? []
				: [warning(`${file}: ${problem}`, remedyFor(problem, file, zeoctl))]),
			...(linesLost === 0
				? []
				: [
						warning(`${file}: ${linesLost} lines were lost since the supervisor started`, {
							command: zeoctl('history'),
						}),
					]),
		],
		file,
	);

/** What to do about a transcript in trouble. */
const remedyFor = (
	problem: string,
	file: string,
	zeoctl: Subject['zeoctl'],
): {readonly advice?: string; readonly command: string} => {
	const folder = path.dirname(file);
	if (/quota is used up|disk is full/.test(problem))
		return {
			advice: 'make room there, or raise the quota: until then what the program prints is lost',
			command: renderShellCommand(['df', '-h', folder]),
		};
	if (/does not answer|disk is slow|reports an error|read-only/.test(problem))
		return {
			advice:
				'what the program prints waits for that disk, or is lost: see what the kernel says of it',
			command: 'dmesg --ctime --level=err,warn',
		};
	return {command: zeoctl('reopen_transcript')};
};

const fileSystem = ofConf({
	group: 'logs',
	name: 'file-system',
	about: 'the transcript is on a file system that lets it be rotated without loss',
	run({settings, directory}) {
		const file = transcriptOf(settings, directory);
		if (file === undefined || settings.output.mode === 'pump') return [idle('nothing needs one')];
		if (fs.statSync(file, {throwIfNoEntry: false})?.isFile() === false)
			return [idle('the transcript is no file')];
		return judgeFileSystem(file, fileSystemType(path.dirname(file)));
	},
});

/** Known by its type, because trying it would write. */
export const judgeFileSystem = (file: string, type: string): readonly Finding[] =>
	['ext4', 'xfs'].includes(type)
		? [fine(type)]
		: [
				warning(
					`'${file}' is on ${type}: a rotation there copies and truncates, and may lose what is written at that very moment`,
					{advice: 'add <transcript> with "mode pump", or keep the transcript on ext4 or xfs'},
				),
			];

/** What is written down, where, and who cuts it. */
export const logChecks: readonly Check[] = [eventLog, writers, ...logRotators, output, fileSystem];
