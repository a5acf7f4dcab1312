import {renderForTerminal} from '../../platform/terminal-text.js';
import {type CheckReport, checkConfiguration, type Finding} from '../../settings/check.js';
import {serverPlace} from '../../settings/server-place.js';
import {judgeByGeneration} from '../../settings/zeo-generation.js';
import {findCertificateWarnings} from '../certificate-warnings.js';
import type {PlainCommand} from '../command.js';
import {findDatabaseWarnings} from '../database-warnings.js';
import {exitCode} from '../exit-codes.js';
import {findInstalledZeo, type InstalledZeo} from '../installed-zeo.js';
import {findLogWarnings} from '../log-warnings.js';
import {answer, say} from '../output.js';
import {findPythonLacks} from '../python-lacks.js';
import {findStartWarnings} from '../start-warnings.js';

export const check: PlainCommand = {
	name: 'check',
	summary: 'list every mistake in the configuration',
	usage: '[--json]',
	otherWords: 'refused',
	exitCodes: ['ok', 'usage'],
	notes: [
		'Reads the conf of the server, too, where the program line names one.',
		'Looks at user, program, control socket, logs and databases as a start would; what would forbid a start is a warning here.',
		'Asks the Python of the program which ZEO it has, and takes keys as that ZEO does; and whether it has what the conf of the server imports.',
		'Warnings do not make it fail.',
	],
	scope: 'none',
	async run(context) {
		const {system} = context;
		const {overrides} = context.commandLine;
		const {environment, cwd} = system;
		const {settings, serverTree, ...found} = checkConfiguration({overrides, environment, cwd});
		const zeo =
			(settings && (await findInstalledZeo(settings.runner.program, environment, cwd))) ?? null;
		const findings = zeo ? judgeByGeneration(found.findings, zeo.version) : found.findings;
		const databases = await findDatabaseWarnings(context, {settings, server: found.server});
		const logs = await findLogWarnings({settings, server: found.server}, cwd);
		const tls = findCertificateWarnings(found.server, {
			directory: settings ? serverPlace(settings, cwd).directory : cwd,
			now: system.clock.now(),
		});
		const start = await findStartWarnings(system, {settings, server: found.server});
		const lacks = await findPythonLacks({settings, serverTree}, system);
		const more = [...lacks.filter(each => !isTold(each, start)), ...databases, ...logs, ...tls];
		const report = {...found, findings: [...findings, ...start, ...more]};
		const failed = report.findings.some(({severity}) => severity === 'error');
		say(context, renderReport(report, zeo));
		answer(context, {
			ok: !failed,
			files: report.files,
			zeo,
			findings: report.findings.map(({severity, message, file, line, hint}) => ({
				severity,
				message,
				file: file ?? null,
				line: line ?? null,
				hint: hint ?? null,
			})),
		});
		return exitCode(failed ? 'usage' : 'ok');
	},
};

/** The supervisor may refuse the same line, which it then does first. */
const isTold = ({file, line}: Finding, told: readonly Finding[]): boolean =>
	told.some(other => other.file === file && other.line === line);

const renderReport = (
	{findings, files}: Pick<CheckReport, 'findings' | 'files'>,
	zeo: InstalledZeo | null,
): string =>
	[
		...findings.flatMap(renderFinding),
		...(zeo ? [`ZEO ${zeo.version} is installed for ${zeo.python}`] : []),
		renderSummary(findings, files),
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

/** `FILE:LINE: error: MESSAGE`, which editors understand. */
const renderFinding = ({severity, message, file, line, hint}: Finding): readonly string[] => {
	const place = [file ?? 'command line', ...(line === undefined ? [] : [line])].join(':');
	return [`${place}: ${severity}: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])];
};

const renderSummary = (findings: readonly Finding[], files: readonly string[]): string => {
	const count = (severity: Finding['severity']): string => {
		const number = findings.filter(finding => finding.severity === severity).length;
		return `${number || 'no'} ${severity}${number === 1 ? '' : 's'}`;
	};
	const unread = findings.find(({file}) => file !== undefined)?.file;
	const where = files.length > 0 ? files.join(', ') : (unread ?? 'the command line');
	return `${count('error')}, ${count('warning')} in ${where}`;
};
