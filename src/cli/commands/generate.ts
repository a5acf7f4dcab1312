import {type Drift, findDrift} from '../../generate/drift.js';
import {
	type FileKind,
	fileKinds,
	type GeneratedFile,
	planServiceFiles,
} from '../../generate/plan.js';
import {readTemplates} from '../../generate/templates.js';
import {verifyFiles} from '../../generate/verify.js';
import {writeFiles} from '../../generate/write.js';
import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import type {Context, PlainCommand} from '../command.js';
import {loadConfigured} from '../configured.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';
import {templatesFolder} from '../own-programs.js';
import {readServiceFacts} from '../service-facts.js';
import {takeOption} from '../take-option.js';

const kinds: Readonly<Record<string, readonly FileKind[]>> = {
	systemd: ['systemd', 'sysusers', 'tmpfiles'],
	initd: ['initd'],
	logrotate: ['logrotate'],
	cron: ['cron'],
	all: fileKinds,
};

export const generate: PlainCommand = {
	name: 'generate',
	summary: 'make the files that run the instance as a service',
	usage: 'KIND [--to FOLDER] [--check] [--json]',
	options: [
		['systemd', 'units for the server, its packs and its mail; the user and its group'],
		['initd', 'an init script'],
		['logrotate', 'for the logs that neither zeoctl nor the server rotates, if there are any'],
		['cron', 'the packs, for machines without systemd; needs a <pack> section'],
		['all', 'all of them'],
		['--to FOLDER', 'write the files below this folder instead of printing them'],
		['--check', 'compare what is installed in /etc with what would be generated'],
		['--group GROUP', 'for a user that does not exist yet; else it is its group'],
	],
	exitCodes: ['ok', 'failed', 'usage'],
	notes: [
		'Each file is shown to the program that will read it (systemd-analyze, shellcheck, logrotate) if that is installed; what it objects to is a failure, and so is a sandbox that systemd-analyze security gives more than 1.5.',
		'A file that is there with other content is not overwritten.',
		'--check fails where something differs; of a kind that is not installed at all, nothing is expected.',
	],
	scope: 'none',
	async run(context) {
		const {kind, folder, isCheck, group} = parseWords(context.action.argumentWords);
		const {system} = context;
		const facts = await readServiceFacts(system, loadConfigured(context), group);
		const templates = readTemplates(templatesFolder(system.programName));
		const files = planServiceFiles(facts, templates, kinds[kind]);
		if (isCheck) return reportDrift(context, findDrift(files, facts), files);
		if (files.length === 0) throw nothingToMake(kind);
		const objections = await verifyFiles(files, system.environment, {isStrict: true});
		if (folder === undefined) say(context, renderFiles(files));
		else for (const file of writeFiles(files, folder)) say(context, `${renderForTerminal(file)}\n`);
		for (const line of objections) system.stderr.write(`${renderForTerminal(line)}\n`);
		answer(context, {files, objections});
		return exitCode(objections.length === 0 ? 'ok' : 'failed');
	},
};

const parseWords = (words: readonly string[]) => {
	const to = takeOption(words, '--to');
	const group = takeOption(to.rest, '--group');
	const isCheck = group.rest.includes('--check');
	const [kind = '', ...more] = group.rest.filter(word => word !== '--check');
	if (!Object.hasOwn(kinds, kind) || more.length > 0 || (isCheck && to.value !== undefined)) {
		throw new ZeoctlError(
			'USAGE',
			`cannot generate ${quote([kind, ...more].join(' '))}: only systemd, initd, logrotate, cron and all, with --to or --check`,
			{hint: 'zeoctl help generate'},
		);
	}
	const named = group.value === undefined ? {} : {group: group.value};
	return {kind, folder: to.value, isCheck, group: named};
};

const nothingToMake = (kind: string): ZeoctlError =>
	kind === 'cron'
		? new ZeoctlError('CONFIGURATION', 'cannot generate cron: the conf has no <pack> section', {
				hint: 'add a section: <pack> and </pack>, each on a line of its own',
			})
		: new ZeoctlError(
				'CONFIGURATION',
				`cannot generate ${kind}: every log is rotated by zeoctl or by the server`,
			);

/** Several files are told apart as head(1) does. */
const renderFiles = (files: readonly GeneratedFile[]): string =>
	files.length === 1
		? files.map(({content}) => content).join('')
		: files.map(({path, content}) => `==> etc/${path} <==\n${content}`).join('\n');

const reportDrift = (
	context: Context,
	drift: readonly Drift[],
	files: readonly GeneratedFile[],
): number => {
	const isSame = drift.every(({state}) => state === 'same');
	say(context, drift.map(({file, state}) => `${renderForTerminal(file)}: ${state}\n`).join(''));
	if (drift.length === 0) say(context, `nothing is installed of ${files.length} files\n`);
	answer(context, {ok: isSame, files: drift});
	return exitCode(isSame ? 'ok' : 'failed');
};
