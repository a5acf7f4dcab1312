import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {checks} from '../../src/cli/doctor/checks.js';
import {exitCodes} from '../../src/cli/exit-codes.js';
import {type Flag, flags} from '../../src/cli/flags.js';
import {registry} from '../../src/cli/registry.js';
import {defaultLimits} from '../../src/control/limits.js';
import {errorCatalogue} from '../../src/platform/errors.js';
import type {Children, TypeTable} from '../../src/schema/describe.js';
import {loggingTypes} from '../../src/schema/eventlog.js';
import {storagePackages} from '../../src/schema/packages.js';
import {runner} from '../../src/schema/runner.js';
import {storageTypes} from '../../src/schema/storages.js';
import {ownTypes} from '../../src/schema/zeoctl.js';
import {renderTable} from './readme.js';
import {
	activityWords,
	alarmWords,
	configurationWords,
	doctorCheckWords,
	doctorFindingWords,
	doctorWords,
	errorWords,
	handlerWords,
	healthWords,
	lastExitWords,
	runnerWords,
	statusWords,
	storageWords,
	unsupervisedWords,
} from './readme-words.js';
import {projectRoot} from './zeoctl.js';

type Words = Readonly<Record<string, readonly string[]>>;

/** Every table of the README that is made from the program, by name. */
export const renderTables = async (): Promise<Readonly<Record<string, string>>> => ({
	commands: await commandTable(),
	options: optionTable(),
	'exit-codes': renderTable(
		['status', 'meaning'],
		Object.values(exitCodes).map(({code, meaning}) => [String(code), meaning]),
	),
	runner: runnerTable(),
	logfile: handlerTable('logfile'),
	syslog: handlerTable('syslog'),
	'own-sections': ownTable(),
	'storage-sections': storageTable(),
	status: fieldTable(statusWords),
	'status-storages': fieldTable(storageWords),
	'status-last-exit': fieldTable(lastExitWords),
	'status-unsupervised': fieldTable(unsupervisedWords),
	'status-health': fieldTable(healthWords),
	'status-configuration': fieldTable(configurationWords),
	'status-activities': fieldTable(activityWords),
	'status-alarms': fieldTable(alarmWords),
	'doctor-checks': renderTable(
		['group', 'check', 'what should be so'],
		checks.map(({group, name, about}) => [`\`${group}\``, `\`${name}\``, about]),
	),
	doctor: fieldTable(doctorWords),
	'doctor-check': fieldTable(doctorCheckWords),
	'doctor-finding': fieldTable(doctorFindingWords),
	'control-limits': limitTable(),
	deviations: deviationTable(),
	errors: renderTable(
		['code', 'meaning', 'what you see', 'what to do'],
		Object.entries(errorCatalogue).map(([code, meaning]) => [
			`\`${code}\``,
			meaning,
			...wordsOf(errorWords, code),
		]),
	),
});

const commandTable = async (): Promise<string> => {
	const commands = await Promise.all(registry.names().map(name => registry.find(name)));
	const known = [...new Set(commands)].filter(command => command !== undefined);
	return renderTable(
		['command', 'what it does', 'exits with'],
		known.map(({name, aliases = [], usage, summary, exitCodes: codes}) => [
			[...[name, ...aliases].map(each => `\`${each}\``)].join(', ') + (usage && ` \`${usage}\``),
			summary,
			codes.map(code => exitCodes[code].code).join(', '),
		]),
	);
};

const optionTable = (): string =>
	renderTable(
		['option', 'meaning'],
		flags.map(({short, long, value, text}: Flag) => [
			[short && `-${short}`, long && `--${long}`]
				.filter(Boolean)
				.map(name => `\`${[name, value].filter(Boolean).join(' ')}\``)
				.join(', '),
			text,
		]),
	);

const runnerTable = (): string =>
	renderTable(
		['key', 'value', 'default', 'option', 'meaning'],
		rowsOf(runner().children, runnerWords).map(([key = '', kind = '', ...rest]) => {
			const flag: Flag | undefined = flags.find(({long}: Flag) => `\`${long}\`` === key);
			return [key, kind, rest[0] ?? '', flag?.short ? `\`-${flag.short}\`` : '', rest[1] ?? ''];
		}),
	);

const handlerTable = (name: string): string =>
	renderTable(
		['key', 'value', 'default', 'meaning'],
		rowsOf(childrenOf(loggingTypes, name), handlerWords),
	);

/** One row per key: name, kind of value, default, meaning. A key without words is an error. */
const rowsOf = (children: Children, words: Words): readonly (readonly string[])[] =>
	Object.entries(children).map(([key, child]) => {
		const [kind = '', meaning = ''] = wordsOf(words, key);
		return [`\`${key}\``, kind, defaultOf(child), meaning];
	});

const wordsOf = (words: Words, name: string): readonly string[] => {
	const found = words[name];
	if (found === undefined) throw new Error(`the README has no words for '${name}'`);
	return found;
};

const defaultOf = (child: Children[string]): string => {
	if (child.kind !== 'key') return '';
	if (child.presence === 'required') return 'required';
	return child.presence === 'default' && child.text !== ''
		? `\`${child.text.replaceAll('\n', '\\n')}\``
		: '';
};

const childrenOf = (types: TypeTable, name: string): Children => {
	const type = types[name]?.();
	if (type?.kind !== 'section-type') throw new Error(`no section type '${name}'`);
	return type.children;
};

const ownTable = (): string =>
	renderTable(
		['section', 'keys and their defaults'],
		Object.keys(ownTypes).map(name => [
			`\`<${name}>\``,
			Object.entries(childrenOf(ownTypes, name))
				.map(([key, child]) => [`\`${key}\``, defaultOf(child)].filter(Boolean).join(' '))
				.join(', '),
		]),
	);

const storageTable = (): string =>
	renderTable(
		['sections', 'from'],
		[
			[namesOf(storageTypes), 'ZODB, always there'],
			...Object.entries(storagePackages)
				.map(([name, load]) => [namesOf(load().types), `\`%import ${name}\``])
				.filter(([names]) => names !== ''),
		],
	);

const namesOf = (types: TypeTable): string =>
	Object.keys(types)
		.filter(name => types[name]?.().kind === 'section-type')
		.map(name => `\`<${name}>\``)
		.join(', ');

const fieldTable = (words: Words): string =>
	renderTable(
		['field', 'type', 'meaning'],
		Object.entries(words).map(([name, [type = '', meaning = '']]) => [
			`\`${name}\``,
			type,
			meaning,
		]),
	);

const limitTable = (): string => {
	const {maxTextBytes, maxJsonBytes, maxConnections, maxWaiting} = defaultLimits;
	const {firstRequestMs, idleMs, replyMs, reopenMs} = defaultLimits;
	return renderTable(
		['limit', 'value'],
		[
			['a text request', `${maxTextBytes} bytes`],
			['a JSON line', `${maxJsonBytes} bytes`],
			['connections', `${maxConnections}; then the one that is idle the longest is closed`],
			['requests of one connection that wait for their reply', String(maxWaiting)],
			['until the first request', `${firstRequestMs / 1000} s`],
			['between two JSON requests, without a subscription', `${idleMs / 1000} s`],
			['from a request to its reply', `${replyMs / 1000} s`],
			['the same for `reopen-transcript`, which may have to copy much', `${reopenMs / 1000} s`],
		],
	);
};

type Scenario = {readonly name: string; readonly deviation?: string};

const deviationTable = (): string => {
	const folder = path.join(projectRoot, 'test/conformance/zdaemon');
	const scenarios = readdirSync(folder)
		.toSorted()
		.map((file): Scenario => JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
	return renderTable(
		['recorded scenario', 'what is different'],
		scenarios.flatMap(({name, deviation}) =>
			deviation === undefined ? [] : [[`\`${name}\``, deviation]],
		),
	);
};
