import path from 'node:path';
import {makeFolderWords} from '../../../platform/make-folder.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import {removedKeyAdvice} from '../../../schema/zeo.js';
import type {CheckReport, Finding as Mistake} from '../../../settings/check.js';
import {judgeByGeneration} from '../../../settings/zeo-generation.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, orFine, warning} from '../finding.js';
import type {Subject} from '../subject.js';

const mistakes: Check = {
	group: 'conf',
	name: 'mistakes',
	about: 'the conf, and that of the server, can be read and have no errors',
	run({report, zeoctl, isRoot}) {
		if ('unreadable' in report)
			return [error(report.unreadable, report.hint === undefined ? {} : toRemedy(report.hint))];
		const found = report.findings.filter(
			finding => finding.severity === 'error' && !isDeadKey(finding),
		);
		return orFine(
			found.map(each =>
				error(renderMistake(each), {
					...adviceOf(each, isRoot),
					command: repairOf(each, isRoot) ?? zeoctl('check'),
				}),
			),
			`${report.files.join(', ') || 'the command line'}: no errors`,
		);
	},
};

const deadKeys: Check = {
	group: 'conf',
	name: 'dead-keys',
	about: 'no key that the installed ZEO has dropped, or that does nothing',
	async run(subject) {
		const {report, zeoctl, isRoot} = subject;
		if ('unreadable' in report || report.files.length === 0) return [idle('there is no conf')];
		const found = await judgeFindings(subject, report);
		const dead = found
			.filter(finding => isDeadKey(finding) || isIdle(finding))
			.map(each =>
				(each.severity === 'error' ? error : warning)(renderMistake(each), {
					...adviceOf(each, isRoot),
					...(isMigrated(each) && {command: zeoctl('migrate', '--write')}),
				}),
			);
		return orFine(dead, 'every key does something');
	},
};

const doubts = ofConf({
	group: 'conf',
	name: 'doubts',
	about: 'nothing in the conf that can be read, but is hardly meant so',
	run({report, isRoot}) {
		const found = 'unreadable' in report ? [] : report.findings;
		return orFine(
			found
				.filter(each => each.severity === 'warning' && !isIdle(each))
				.map(each => warning(renderMistake(each), adviceOf(each, isRoot))),
			'nothing looks like a slip',
		);
	},
});

const loaded = ofConf({
	group: 'conf',
	name: 'loaded',
	about: 'the supervisor has loaded the conf as it is on disk, and the program runs with it',
	async run({contact, zeoctl}) {
		const seen = await contact();
		if (seen.contact !== 'session') return [idle('nothing runs that has loaded it')];
		const {configuration} = seen.status;
		if (seen.differs)
			return [
				warning('the supervisor runs another program than the conf names', {
					command: zeoctl('reload'),
				}),
			];
		if (configuration === null) return [idle('the supervisor does not tell')];
		return judgeLoaded(configuration, zeoctl);
	},
});

/** What the supervisor says about the conf on disk, as findings. */
const judgeLoaded = (
	{
		state,
		files,
		problem,
		needsRestart,
	}: {
		readonly state: 'loaded' | 'changed' | 'invalid';
		readonly files: readonly string[];
		readonly problem: string | null;
		readonly needsRestart: readonly string[];
	},
	zeoctl: Subject['zeoctl'],
): readonly Finding[] => {
	if (state === 'invalid')
		return [
			error(`changed since it was loaded, and cannot be loaded: ${problem ?? files.join(', ')}`, {
				command: zeoctl('check'),
			}),
		];
	if (state === 'changed')
		return [
			warning(`changed since it was loaded: ${files.join(', ')}`, {command: zeoctl('reload')}),
		];
	return needsRestart.length === 0
		? [fine('loaded as it is on disk')]
		: [
				warning(`the program still runs with the old ${needsRestart.join(', ')}`, {
					command: zeoctl('restart'),
				}),
			];
};

/** Where ZEO 4 is installed, its keys are no mistakes yet. */
const judgeFindings = async (
	{configured}: Subject,
	{findings}: CheckReport,
): Promise<readonly Mistake[]> => {
	const python = await configured?.python().catch(() => undefined);
	const version = python?.packages['ZEO']?.version;
	return version === undefined ? findings : judgeByGeneration(findings, version);
};

const isDeadKey = ({message}: Mistake): boolean => {
	const key = /^'([^']*)' is (?:not a known key name|known to the installed ZEO)/.exec(
		message,
	)?.[1];
	return key !== undefined && removedKeyAdvice(key) !== undefined;
};

/** Sections and formatters stay: the server heeds them. */
const isMigrated = (mistake: Mistake): boolean =>
	isDeadKey(mistake) || /^'(?!formatter')[^']*' has no effect/.test(mistake.message);

const isIdle = ({severity, message}: Mistake): boolean =>
	severity === 'warning' && message.includes('has no effect');

const renderMistake = ({file, line, message}: Mistake): string =>
	[file, line, ` ${message}`]
		.filter(part => part !== undefined)
		.join(':')
		.trimStart();

const adviceOf = (mistake: Mistake, isRoot: boolean): {readonly advice?: string} => {
	const advice = mistake.hint ?? databaseAdvice(missingFolder(mistake), isRoot);
	return advice === undefined ? {} : {advice};
};

type MissingFolder = {readonly folder: string; readonly isOfDatabase: boolean};

const missingFolder = ({message}: Mistake): MissingFolder | undefined => {
	const [, file] =
		/^The directory named as part of the path (\/.+) does not exist/.exec(message) ?? [];
	return file === undefined
		? undefined
		: {folder: path.dirname(file), isOfDatabase: file.endsWith('.fs')};
};

/** To make it anew, where its disk is only not mounted, would be the way to an empty database. */
const databaseAdvice = (missing: MissingFolder | undefined, isRoot: boolean): string | undefined =>
	missing?.isOfDatabase
		? `mount the disk that holds the database; only for a new one: ${makeFolder(missing, isRoot)}`
		: undefined;

const repairOf = (mistake: Mistake, isRoot: boolean): string | undefined => {
	const missing = missingFolder(mistake);
	return missing === undefined || missing.isOfDatabase ? undefined : makeFolder(missing, isRoot);
};

/** By now this process is the user of the conf. */
const makeFolder = ({folder}: MissingFolder, isRoot: boolean): string =>
	renderShellCommand(makeFolderWords(folder, {isRoot}));

const toRemedy = (hint: string) => (hint.startsWith('zeoctl ') ? {command: hint} : {advice: hint});

/** Whether the conf says what is meant, and is what runs. */
export const confChecks: readonly Check[] = [mistakes, deadKeys, doubts, loaded];
