import path from 'node:path';
import {nearestName} from '../platform/nearest-name.js';
import {ownTypes} from '../schema/zeoctl.js';
import {type Problem, renderProblem} from '../zconfig/errors.js';
import type {Item, KeyNode, SectionNode, Tree} from '../zconfig/tree.js';
import {lineOf, pathOfUrl} from './explain.js';
import {nodeFileSystem, readingOnce} from './file-system.js';
import type {LoadOptions} from './load.js';
import {loadSettings} from './load.js';
import {readConfiguration, readTree} from './read-configuration.js';
import {resolveServer} from './server.js';
import type {ServerSettings, Settings} from './settings.js';
import {hintFor} from './suggest.js';

/** One thing that `check` reports. */
export type Finding = {
	readonly severity: 'error' | 'warning';
	/** ZConfig's words in one line, without position. */
	readonly message: string;
	/** Undefined for what was given on the command line. */
	readonly file: string | undefined;
	/** Counted from 1; undefined when it is about the file as a whole. */
	readonly line: number | undefined;
	/** What to do, one sentence. */
	readonly hint: string | undefined;
	/** The text that ZConfig itself prints, with its position; undefined for warnings. */
	readonly text: string | undefined;
};

export type CheckReport = {
	/** Errors of our own file first, then warnings, then what the server's own conf shows. */
	readonly findings: readonly Finding[];
	/** All files that were read. */
	readonly files: readonly string[];
	/** Undefined when the file has errors. */
	readonly settings: Settings | undefined;
	readonly server: ServerSettings | undefined;
	/** The conf that the server reads. */
	readonly serverTree?: Tree | undefined;
};

/** Reads a configuration and the conf of the server that it runs, and tells everything that is wrong with them. */
export const checkConfiguration = (options: Omit<LoadOptions, 'acceptsMissing'>): CheckReport => {
	const {overrides, environment, cwd} = options;
	const {configFile, specifiers = []} = overrides;
	const place = {environment, cwd, fileSystem: readingOnce(options.fileSystem ?? nodeFileSystem)};
	if (configFile === undefined) return afterOwnFile({...place, overrides}, [], []);
	const {tree, problems} = readConfiguration(configFile, specifiers, place);
	const findings = [...withoutEchoes(problems).map(errorOf), ...warningsOf(tree)];
	const files = filesOf(tree, cwd);
	if (problems.length > 0) return {findings, files, settings: undefined, server: undefined};
	return afterOwnFile({...place, overrides}, findings, files);
};

const filesOf = ({sources}: Tree, cwd: string): readonly string[] =>
	sources.map(url => path.resolve(cwd, pathOfUrl(url)));

const afterOwnFile = (
	options: Required<Omit<LoadOptions, 'acceptsMissing'>>,
	findings: readonly Finding[],
	files: readonly string[],
): CheckReport => {
	const {environment, cwd, fileSystem} = options;
	const settings = loadSettings(options);
	const {server, problems} = resolveServer(settings, {environment, cwd, fileSystem});
	const conf = server?.confPath;
	const serverTree =
		conf === undefined ? undefined : readTree(conf, {environment, cwd, fileSystem});
	const tree = conf !== undefined && files.includes(conf) ? undefined : serverTree;
	return {
		findings: [
			...findings,
			...withoutEchoes(problems).map(serverErrorOf),
			...(tree ? warningsOf(tree) : []),
			...aimlessPacks(settings, server),
			...rivalMonitor(settings, server),
		],
		files: [...files, ...(tree ? filesOf(tree, cwd) : [])],
		settings,
		server,
		serverTree,
	};
};

/** Nobody would notice for months that a mistyped storage is never packed. */
const aimlessPacks = (
	settings: Settings,
	server: ServerSettings | undefined,
): readonly Finding[] => {
	const known = (server?.storages ?? settings.storages).map(({name}) => name);
	return settings.packs
		.flatMap(({storage}) => (storage === undefined || known.includes(storage) ? [] : [storage]))
		.map(name => ({
			severity: 'warning',
			message: `<pack ${name}> packs nothing: there is no storage of this name`,
			file: settings.configFile,
			line: undefined,
			hint: known.length === 0 ? undefined : `storages: ${known.join(', ')}`,
			text: undefined,
		}));
};

/** Whoever comes first has the port: the server would not start. */
const rivalMonitor = (
	{monitor, configFile}: Settings,
	server: ServerSettings | undefined,
): readonly Finding[] => {
	const address = server?.zeo.address;
	if (monitor === undefined || address === undefined || address.family === 'unix') return [];
	if (monitor.port !== address.port) return [];
	return [
		{
			severity: 'warning',
			message: `<monitor> and the server want the same port ${monitor.port}`,
			file: configFile,
			line: undefined,
			hint: `give <monitor> another one, such as ${monitor.port + 1}`,
			text: undefined,
		},
	];
};

const errorOf = (problem: Problem): Finding => ({
	severity: 'error',
	message: lineOf(problem),
	file: problem.url === undefined ? undefined : pathOfUrl(problem.url),
	line: problem.line,
	hint: problem.subject && hintFor(problem.subject),
	text: renderProblem(problem),
});

/** The server reads the same text with a schema that lacks our own sections. */
const serverErrorOf = (problem: Problem): Finding => {
	const {subject} = problem;
	const isOurs = subject?.kind === 'unknown-section' && Object.hasOwn(ownTypes, subject.name);
	if (!isOurs) return errorOf(problem);
	const hint = `the server cannot read <${subject.name}>: put it into a file of its own that includes the server's`;
	return {...errorOf(problem), hint};
};

/** A mistyped name is also missed under its right one: that second report says nothing new. */
const withoutEchoes = (problems: readonly Problem[]): readonly Problem[] => {
	const unknown = problems.flatMap(({subject}) => (subject ? [subject] : []));
	return problems.filter(({subject}) => {
		if (subject?.kind !== 'missing-key' && subject?.kind !== 'missing-section') return true;
		const kind = subject.kind === 'missing-key' ? 'unknown-key' : 'unknown-section';
		return !unknown.some(
			other =>
				other.kind === kind &&
				other.container === subject.container &&
				nearestName(other.name, other.known) === subject.name,
		);
	});
};

/** Settings that are read but do not do what they say, by section type and key (`''`: the section itself). */
const withoutEffect: Readonly<Record<string, string>> = {
	'runner/python': "'python' has no effect: the supervisor does not run in Python",
	'runner/zdrun': "'zdrun' has no effect: the supervisor is part of zeoctl",
	'email-notifier/':
		'<email-notifier> has no effect here: the supervisor sends no mail for log records',
	'http-logger/': '<http-logger> has no effect here: the supervisor sends no log records over HTTP',
	'win32-eventlog/': '<win32-eventlog> has no effect on this system',
	'*/formatter':
		"'formatter' has no effect here: a Python class cannot be loaded, the standard layout is used",
};

const warningsOf = (tree: Tree): Finding[] => {
	const findings: Finding[] = [];
	const dataFiles = new Map<string, KeyNode>();
	const pending = inReadingOrder(tree.items, undefined);
	for (let next = pending.pop(); next; next = pending.pop()) {
		const {item, section} = next;
		const position = item.kind === 'section' ? item.start : item.position;
		const warning = warningOf(item, section) ?? rivalStorage(item, section, dataFiles);
		if (warning) {
			const {url, line} = position;
			findings.push({severity: 'warning', ...warning, file: pathOfUrl(url), line, text: undefined});
		}
		if (item.kind !== 'section') continue;
		for (const inner of inReadingOrder(item.items, item)) pending.push(inner);
	}
	return findings;
};

/** The first storage to open a file locks it; one that only reads does not. */
const rivalStorage = (
	item: KeyNode | SectionNode,
	section: SectionNode | undefined,
	dataFiles: Map<string, KeyNode>,
): Warning | undefined => {
	if (item.kind !== 'key' || section?.type !== 'filestorage' || !item.value) return undefined;
	if (item.key.toLowerCase() !== 'path' || readsOnly(section)) return undefined;
	const file = path.normalize(item.value);
	const other = dataFiles.get(file);
	if (other === undefined) {
		dataFiles.set(file, item);
		return undefined;
	}
	const {url, line} = other.position;
	return {
		message: `two storages cannot have one file: '${file}' is that of ${pathOfUrl(url)}:${line}, too`,
		hint: 'give each <filestorage> a path of its own',
	};
};

const readsOnly = ({items}: SectionNode): boolean =>
	items.some(
		item => item.kind === 'key' && item.key.toLowerCase() === 'read-only' && isOn(item.value),
	);

const isOn = (value: string | undefined): boolean => /^(?:yes|true|on)$/i.test(value ?? '');

type Inspected = {
	readonly item: KeyNode | SectionNode;
	readonly section: SectionNode | undefined;
};

/** A stack whose top is the first item. */
const inReadingOrder = (items: readonly Item[], section: SectionNode | undefined): Inspected[] =>
	items
		.filter(item => item.kind === 'key' || item.kind === 'section')
		.map(item => ({item, section}))
		.reverse();

type Warning = {readonly message: string; readonly hint: string | undefined};

const warningOf = (
	item: KeyNode | SectionNode,
	section: SectionNode | undefined,
): Warning | undefined => {
	if (item.kind === 'section') return idle(`${item.type}/`);
	if (!section) return undefined;
	const key = item.key.toLowerCase();
	const place = `${section.type}/${key}`;
	if (place === 'filestorage/create' && isOn(item.value)) {
		return {
			message: "'create' empties an existing database at every start of the server",
			hint: 'delete the line once the file has been created',
		};
	}
	if (place === 'logfile/when' && item.value && !/^(?:[SMHD]|MIDNIGHT|W[0-6])$/i.test(item.value)) {
		return {
			message: `'when' is none of S M H D MIDNIGHT W0 to W6: '${item.value}'`,
			hint: 'the Python server cannot start with this value',
		};
	}
	return idle(place) ?? (isHandler(section) ? idle(`*/${key}`) : undefined);
};

const idle = (place: string): Warning | undefined => {
	const message = Object.hasOwn(withoutEffect, place) ? withoutEffect[place] : undefined;
	return message === undefined ? undefined : {message, hint: undefined};
};

const isHandler = ({type}: SectionNode): boolean =>
	/^(?:logfile|syslog|http-logger|email-notifier|win32-eventlog)$/.test(type);
