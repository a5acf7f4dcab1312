import {isatty} from 'node:tty';
import {ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {answer, say} from '../output.js';
import {listOptions, type ShownOption} from '../shown-options.js';

export const show: InstanceCommand = {
	name: 'show',
	summary: 'show the options of the runner and where they come from',
	usage: '[options | runtime | all] [--json]',
	options: [
		['options', 'the options (the default)'],
		['runtime', 'facts about the Node.js that runs this command (also: python)'],
		['all', 'both'],
	],
	exitCodes: ['ok', 'usage'],
	scope: 'instance',
	forAnyone: true,
	async run(context) {
		const topic = context.action.argumentWords.join(' ') || 'options';
		const isKnown = ['options', 'runtime', 'python', 'all'].includes(topic);
		if (!isKnown)
			throw new ZeoctlError('USAGE', `cannot show ${quote(topic)}: only options, runtime and all`);
		const options = topic === 'options' || topic === 'all' ? listOptions(context) : undefined;
		const runtime = topic === 'options' ? undefined : runtimeFacts(context);
		const parts = [
			...(options ? [`Options:\n${renderTable(options.map(toRow))}`] : []),
			...(runtime ? [`Runtime:\n${renderTable(Object.entries(runtime))}`] : []),
		];
		say(context, parts.join('\n'));
		answer(context, {options: options && toDocument(options), runtime});
		return exitCode('ok');
	},
};

const toRow = ({name, text, origin}: ShownOption): readonly string[] => [
	name,
	text,
	`(${origin.text})`,
];

const toDocument = (options: readonly ShownOption[]) =>
	Object.fromEntries(options.map(({name, value, origin}) => [name, {value, ...origin.document}]));

const runtimeFacts = ({system}: InstanceContext): Readonly<Record<string, string>> => ({
	zeoctl: system.version,
	node: process.versions.node,
	platform: `${process.platform} ${process.arch}`,
	executable: process.execPath,
	script: system.programName,
	directory: system.cwd,
	terminal: isatty(1) ? 'yes' : 'no',
});

const renderTable = (rows: readonly (readonly string[])[]): string => {
	const width = (column: number): number =>
		Math.min(40, Math.max(...rows.map(row => row[column]?.length ?? 0)));
	const widths = [width(0), width(1)];
	return rows
		.map(row =>
			`  ${row.map((cell, column) => renderForTerminal(cell).padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
		)
		.map(line => `${line}\n`)
		.join('');
};
