import fs from 'node:fs';
import path from 'node:path';
import {mayAccess} from '../platform/may-access.js';
import type {CheckReport, Finding} from '../settings/check.js';
import type {EventLogSettings, LogHandler, ServerSettings, Settings} from '../settings/settings.js';
import {knownFileSystem} from '../transcript/file-system.js';

/** What is wrong, or may become so, with the logs of a configuration and of its server, as warnings. */
export const findLogWarnings = async (
	{settings, server}: Pick<CheckReport, 'settings' | 'server'>,
	cwd: string,
): Promise<readonly Finding[]> => {
	if (settings === undefined) return [];
	const file = server?.confPath ?? settings.configFile;
	const transcript = transcriptOf(settings, cwd);
	return [
		...(server !== undefined && !server.hasEventLog ? [withoutEventLog(file)] : []),
		...findSharedLogs(settings, server, cwd),
		...(server?.unrotatedLogs ?? []).map(log => withoutRotation(log, file)),
		...unrotated(settings.eventLog)
			.filter(log => !server?.unrotatedLogs?.includes(path.resolve(cwd, log)))
			.map(log => withoutRotation(path.resolve(cwd, log), settings.configFile)),
		...(transcript === undefined ? [] : await refusingFileSystem(settings, transcript)),
		...pumpWithoutPlace(settings, transcript),
	];
};

const warning = (message: string, hint: string, file: string | undefined): Finding => ({
	severity: 'warning',
	message,
	file,
	line: undefined,
	hint,
	text: undefined,
});

/** A server that writes no log of its own. */
export const withoutEventLog = (file: string | undefined): Finding =>
	warning(
		'the server has no <eventlog>: it says nothing about itself, its tracebacks go to standard error, and SIGUSR2 (logreopen) is only a warning to it',
		'add <eventlog> with a <logfile> to the conf of the server',
		file,
	);

const withoutRotation = (log: string, file: string | undefined): Finding =>
	warning(
		`"${log}" is never rotated: it has neither max-size nor when`,
		'add "max-size 10MB" and "old-files 5" to its <logfile>, or have logrotate rename it and call zeoctl logreopen',
		file,
	);

/** Two writers that each rotate, or cut, one file lose what the other one writes. */
export const findSharedLogs = (
	settings: Settings,
	server: Pick<ServerSettings, 'logFiles'> | undefined,
	cwd: string,
): readonly Finding[] => {
	const serverLogs = server?.logFiles ?? [];
	const transcript = transcriptOf(settings, cwd);
	const own = logFilesOf(settings.eventLog).map(({path: file}) => path.resolve(cwd, file));
	const writers = [
		...own.map(file => ({file, writer: "the supervisor's <eventlog>"})),
		...serverLogs.map(file => ({file, writer: "the server's <eventlog>"})),
		...(transcript === undefined ? [] : [{file: transcript, writer: 'the transcript'}]),
	].map(({file, writer}) => ({file: realPath(file), writer}));
	const files = new Set(writers.map(({file}) => file));
	return [...files].flatMap(file => {
		const names = [...new Set(writers.filter(one => one.file === file).map(({writer}) => writer))];
		if (names.length < 2) return [];
		const rotates = rotatesItself(settings, file, cwd) || names.includes('the transcript');
		return rotates
			? [
					warning(
						`"${file}" has two writers, ${names.join(' and ')}, and is rotated by one of them: the other one goes on writing to the old file`,
						'give each a file of its own, the supervisor by an <eventlog> inside <runner>',
						settings.configFile,
					),
				]
			: [];
	});
};

const rotatesItself = ({eventLog}: Settings, file: string, cwd: string): boolean =>
	logFilesOf(eventLog).some(
		handler => realPath(path.resolve(cwd, handler.path)) === file && rotates(handler),
	);

type FileHandler = Extract<LogHandler, {type: 'logfile'}>;

const rotates = ({maxSize, when}: FileHandler): boolean => maxSize > 0 || when !== '';

const unrotated = (eventLog: EventLogSettings | undefined): readonly string[] =>
	logFilesOf(eventLog)
		.filter(handler => !rotates(handler))
		.map(handler => handler.path);

/** The handlers that write to a file of their own. */
export const logFilesOf = (eventLog: EventLogSettings | undefined): readonly FileHandler[] =>
	(eventLog?.handlers ?? []).flatMap(handler =>
		handler.type === 'logfile' && handler.path !== 'STDOUT' && handler.path !== 'STDERR'
			? [handler]
			: [],
	);

/** The file that the output of the program goes to, absolute; undefined where it goes to none. */
export const transcriptOf = ({runner}: Settings, cwd: string): string | undefined =>
	runner.transcript === undefined || runner.transcript === '/dev/null' || !runner.daemon
		? undefined
		: path.resolve(cwd, runner.directory ?? '.', runner.transcript);

const refusingFileSystem = async (
	{output, configFile}: Settings,
	transcript: string,
): Promise<readonly Finding[]> => {
	const folder = path.dirname(transcript);
	if (output.mode === 'pump' || isDevice(transcript) || !fs.existsSync(folder)) return [];
	const {removesHeads, reason, type, isUntried} = await knownFileSystem(folder);
	if (removesHeads || !mayAccess(folder, fs.constants.W_OK)) return [];
	if (isUntried) {
		const hint = 'make room there (df -h), then check again';
		return [warning(`the rotation of "${transcript}": ${reason ?? type}`, hint, configFile)];
	}
	return [
		warning(
			`${reason ?? type}: a rotation of "${transcript}" copies and truncates, and loses what is written at that very moment`,
			'add <transcript> with "mode pump", or keep the transcript on ext4 or xfs',
			configFile,
		),
	];
};

// What the caller may not look at has its file system all the same.
const isDevice = (file: string): boolean => {
	try {
		return !fs.statSync(file).isFile();
	} catch {
		return false;
	}
};

const pumpWithoutPlace = (
	{output, configFile, runner}: Settings,
	transcript: string | undefined,
): readonly Finding[] =>
	output.mode === 'direct' && (output.timestamps || output.format === 'json')
		? [
				warning(
					"'timestamps' and 'format json' have no effect with 'mode direct': the program writes the file itself",
					'add "mode pump" to <transcript>',
					configFile,
				),
			]
		: output.mode === 'pump' && transcript === undefined && runner.daemon
			? [
					warning(
						"'mode pump' has an effect with a 'transcript', or where the supervisor runs in the foreground, only",
						'add "transcript FILE" to <runner>',
						configFile,
					),
				]
			: [];

const realPath = (file: string): string => {
	try {
		return fs.realpathSync(file);
	} catch {
		return path.resolve(file);
	}
};
