import path from 'node:path';
import type {LogHandler, ServerSettings, Settings} from '../../../settings/settings.js';
import {transcriptOf} from '../../log-warnings.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, idle, orFine, warning} from '../finding.js';
import {blocksFor, type LogrotateBlock, readLogrotate} from '../logrotate.js';
import type {ConfiguredSubject} from '../subject.js';

/** A log, and whether whoever writes it rotates it, too. */
type Log = {readonly file: string; readonly rotatesItself: boolean; readonly isTranscript: boolean};

const logsOf = ({settings, server, directory}: ConfiguredSubject): readonly Log[] => {
	const transcript = transcriptOf(settings, directory);
	const own = ownLogs(settings, directory);
	return [
		...(transcript === undefined
			? []
			: [{file: transcript, rotatesItself: settings.output.isAsked, isTranscript: true}]),
		...[...own, ...serverLogs(server)].filter(
			({file}, index, all) => all.findIndex(other => other.file === file) === index,
		),
	];
};

const ownLogs = ({eventLog}: Settings, directory: string): readonly Log[] =>
	(eventLog?.handlers ?? []).flatMap(handler =>
		isFile(handler)
			? [
					{
						file: path.resolve(directory, handler.path),
						rotatesItself: handler.maxSize > 0 || handler.when !== '',
						isTranscript: false,
					},
				]
			: [],
	);

const isFile = (handler: LogHandler): handler is Extract<LogHandler, {type: 'logfile'}> =>
	handler.type === 'logfile' && !/^STD(?:OUT|ERR)$/.test(handler.path);

const serverLogs = (server: ServerSettings | undefined): readonly Log[] =>
	(server?.logFiles ?? []).map(file => ({
		file,
		rotatesItself: server?.unrotatedLogs?.includes(file) !== true,
		isTranscript: false,
	}));

const rotation = ofConf({
	group: 'logs',
	name: 'rotation',
	about: 'every log is rotated by somebody',
	run(subject) {
		const logs = logsOf(subject);
		if (logs.length === 0) return [idle('there is no log')];
		return judgeRotation(logs, readLogrotate(subject.etc), subject);
	},
});

const ownRotation = 'add "max-size 10MB" and "old-files 5" to its <logfile>';

/** The supervisor rotates every transcript unless somebody else does. */
const judgeRotation = (
	logs: readonly Log[],
	blocks: readonly LogrotateBlock[],
	{settings, zeoctlAsRoot}: Pick<ConfiguredSubject, 'settings' | 'zeoctlAsRoot'>,
): readonly Finding[] =>
	orFine(
		logs
			.filter(
				({file, rotatesItself, isTranscript}) =>
					!rotatesItself && !isTranscript && blocksFor(file, blocks).length === 0,
			)
			.map(({file}) =>
				warning(
					`nobody rotates '${file}'`,
					settings.runner.user === undefined
						? {advice: `${ownRotation}; for a conf with a user generate logrotate makes its file`}
						: {
								advice: `${ownRotation}, or let logrotate do it: the command makes its file`,
								command: zeoctlAsRoot('generate', 'logrotate', '--to', '/etc'),
							},
				),
			),
		logs.map(({file}) => file).join(', '),
	);

const rivals = ofConf({
	group: 'logs',
	name: 'one-rotator',
	about: 'no log is rotated by two, and none by copytruncate, which loses lines',
	run(subject) {
		const logs = logsOf(subject);
		if (logs.length === 0) return [idle('there is no log')];
		const blocks = readLogrotate(subject.etc);
		return orFine(
			logs.flatMap(log => judgeRotators(log, blocksFor(log.file, blocks))),
			'nobody is in the way of anybody',
		);
	},
});

/** What is wrong with how logrotate handles one log; `blocks` are those that name it. */
export const judgeRotators = (
	{file, rotatesItself, isTranscript}: Log,
	blocks: readonly LogrotateBlock[],
): readonly Finding[] => {
	const [first, second] = blocks;
	if (first === undefined) return [];
	return [
		...(rotatesItself
			? [
					error(
						`'${file}' is rotated twice: by ${isTranscript ? 'its <transcript> section' : 'its <logfile> section'} and by logrotate`,
						{
							advice: `take it out of ${first.file}, or max-size and when out of the section`,
						},
					),
				]
			: []),
		...(second === undefined
			? []
			: [
					warning(`'${file}' is named twice: in ${first.file} and in ${second.file}`, {
						advice: 'logrotate heeds the first one only: keep one of them',
					}),
				]),
		...(blocks.some(({directives}) => directives.includes('copytruncate'))
			? [
					warning(`${first.file} has copytruncate: lines that are written meanwhile are lost`, {
						advice: `take the line out, and let its postrotate call zeoctl ${isTranscript ? 'reopen_transcript' : 'logreopen'}`,
					}),
				]
			: []),
	];
};

/** Who rotates the logs. */
export const logRotators: readonly Check[] = [rotation, rivals];
