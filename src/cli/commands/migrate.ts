import {renderShellCommand} from '../../platform/shell-word.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {renderDiff} from '../../settings/line-edits.js';
import {type Migration, planMigration} from '../../settings/migration.js';
import type {Context, PlainCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {chooseConf} from '../migrate-options.js';
import {answer} from '../output.js';
import {replaceFiles} from '../replace-files.js';

export const migrate: PlainCommand = {
	name: 'migrate',
	summary: 'show what makes an old conf one of today, or do it',
	usage: '[CONF] [--write] [--json]',
	options: [
		['CONF', 'the conf of the supervisor; without it, that of -C'],
		['--write', 'change the files, and keep the old ones beside them'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'Prints a unified diff, which patch takes; why each line goes stands on standard error.',
		'Only lines that no program of today takes or heeds are dropped, in the conf, in what it includes and in the conf of its server. Nothing else changes, not even a blank.',
		'monitor-address becomes a <monitor> section in a conf of its own, which includes the old one, because ZEO and zdaemon would refuse it.',
		'It fails when check still finds errors afterwards.',
	],
	scope: 'none',
	async run(context) {
		const {environment, cwd} = context.system;
		const {configFile, writes} = chooseConf(context);
		const migration = planMigration({configFile, overrides: {}, environment, cwd});
		const backups = writes ? replaceFiles(migration.files) : [];
		tell(context, migration, backups);
		const errors = migration.report.findings.filter(({severity}) => severity === 'error');
		answer(context, {
			action: 'migrate',
			outcome: migration.files.length === 0 ? 'nothing-to-migrate' : writes ? 'written' : 'shown',
			configFile: migration.configFile,
			dropped: migration.dropped,
			files: migration.files.map(({file, before, edits}) => ({
				file,
				diff: toText(renderDiff(file, before, edits)),
				backup: backups.find(each => each.file === file)?.backup ?? null,
			})),
			errors: errors.map(({message, file = null, line = null, hint = null}) => ({
				message,
				file,
				line,
				hint,
			})),
		});
		return exitCode(errors.length === 0 ? 'ok' : 'failed');
	},
};

/** Diffs are bytes in Latin-1; people read UTF-8. */
const toText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

const tell = (
	{system, json}: Context,
	{files, dropped, report, configFile}: Migration,
	backups: readonly {readonly file: string; readonly backup: string | undefined}[],
): void => {
	if (json) return;
	const say = (text: string): void => void system.stderr.write(`${renderForTerminal(text)}\n`);
	for (const {file, line, key, why} of dropped) say(`${file}:${line}: ${key}: ${why}`);
	if (backups.length === 0)
		for (const {file, before, edits} of files) show(system, renderDiff(file, before, edits));
	for (const {file, backup} of backups)
		say(backup === undefined ? `${file}: written` : `${file}: changed; it was: ${backup}`);
	if (files.length === 0) say('nothing to migrate');
	for (const {severity, file, line, message, hint} of report.findings) {
		if (severity !== 'error') continue;
		say(`${file ?? configFile}${line === undefined ? '' : `:${line}`}: still an error: ${message}`);
		if (hint !== undefined) say(`  ${hint}`);
	}
	if (backups.length > 0)
		say(`next: ${renderShellCommand([...system.ownName(), '-C', configFile, 'check'])}`);
};

/** Byte for byte for patch(1), and harmless on a terminal. */
const show = ({stdout}: Context['system'], diff: string): void => {
	if (!stdout.isTerminal) stdout.write(Buffer.from(diff, 'latin1'));
	else
		for (const line of toText(diff).trimEnd().split('\n'))
			stdout.write(`${renderForTerminal(line)}\n`);
};
