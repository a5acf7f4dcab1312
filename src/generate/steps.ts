import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import {commandLine} from './command-line.js';
import {renderCronCommand} from './cron.js';
import {installedPath} from './places.js';
import type {FileKind, GeneratedFile} from './plan.js';
import type {ServiceFacts} from './service-facts.js';
import {renderUnitCommand, renderUnitWord} from './unit-text.js';

/** What starts services on a machine. */
export type InitSystem = 'systemd' | 'init';

/** One thing that an installation does, in order. */
export type Step =
	| {readonly step: 'write'; readonly file: string; readonly content: string; readonly mode: number}
	/** A person has changed it. */
	| {readonly step: 'keep'; readonly file: string}
	| {readonly step: 'remove'; readonly file: string}
	/** Makes the folder for the user if it is missing; one of the instance's own that is root's is given to the user. */
	| {readonly step: 'folder'; readonly folder: string; readonly isOwn: boolean}
	/** What root has made with an instance, and its server must read or write, becomes its user's. */
	| {readonly step: 'give'; readonly folder: string}
	/** Lets the group of the user read a file of root's that only root can. */
	| {readonly step: 'share'; readonly file: string}
	/** `mayFail`: its failure leaves nothing behind. */
	| {readonly step: 'run'; readonly words: readonly string[]; readonly mayFail?: true};

/** What is known of the machine before a service is installed. */
export type Machine = {
	readonly init: InitSystem;
	readonly hasUser: boolean;
	readonly hasGroup: boolean;
	readonly hasSysusers: boolean;
	/** Numbers that a user is to have who is made, because the data has them already. */
	readonly numbers?: {readonly uid: number; readonly gid: number | undefined} | undefined;
};

/** The kinds of files that a machine needs; the user is remembered in a file where it has to be made. */
export const kindsFor = ({init, hasUser}: Machine): readonly FileKind[] => [
	...(hasUser ? [] : (['sysusers'] as const)),
	...(init === 'systemd'
		? (['systemd', 'tmpfiles', 'logrotate'] as const)
		: (['initd', 'logrotate', 'cron'] as const)),
];

/** Installed files, by path, with which there is nothing to do. */
export type PresentFiles = {
	readonly same: ReadonlySet<string>;
	/** A person has changed them. */
	readonly kept: ReadonlySet<string>;
};

/** The steps that make a service of an instance. */
export const planInstall = (
	facts: ServiceFacts,
	files: readonly GeneratedFile[],
	machine: Machine,
	{same, kept}: PresentFiles = {same: new Set(), kept: new Set()},
): readonly Step[] => {
	const {name} = facts;
	const targets = files.map(file => ({...file, file: installedPath(file, '/etc')}));
	const of = (kind: FileKind): readonly string[] =>
		targets.filter(each => each.kind === kind).map(each => each.file);
	const writes = targets
		.filter(({file}) => !same.has(file))
		.map(({file, content, mode}) =>
			kept.has(file)
				? ({step: 'keep', file} as const)
				: ({step: 'write', file, content, mode} as const),
		);
	const start =
		machine.init === 'systemd'
			? [
					...of('tmpfiles').map(file => run('systemd-tmpfiles', '--create', file)),
					run('systemctl', 'daemon-reload'),
					run('systemctl', 'enable', '--now', ...startedUnits(of('systemd'))),
				]
			: [
					run('update-rc.d', `zeo-${name}`, 'defaults'),
					...of('initd').map(file => run(file, 'start')),
				];
	const folders = facts.folders.filter(folder => !folder.startsWith('/run/'));
	const confs = facts.confs.filter(file => isWithin(facts, file));
	return [
		...writes,
		...(machine.hasUser ? [] : accountSteps(facts, machine, of('sysusers'))),
		...folders.map(folder => ({step: 'folder', folder, isOwn: isWithin(facts, folder)}) as const),
		...(facts.instance === undefined
			? confs.map(file => ({step: 'share', file}) as const)
			: [{step: 'give', folder: facts.instance} as const]),
		...start,
	];
};

const accountSteps = (
	{user, group, home}: ServiceFacts,
	{hasGroup, hasSysusers, numbers}: Machine,
	files: readonly string[],
): readonly Step[] => {
	const {uid, gid} = numbers ?? {};
	if (hasSysusers) {
		const lines = [
			...(gid === undefined ? [] : [`g ${group} ${gid}`]),
			...(uid === undefined ? [] : [`u ${user} ${uid}:${group} - ${renderUnitWord(home)}`]),
		];
		return [
			...(lines.length === 0 ? [] : [run('systemd-sysusers', '--inline', ...lines)]),
			...files.map(file => run('systemd-sysusers', file)),
		];
	}
	const numbered = (option: string, number: number | undefined): readonly string[] =>
		number === undefined ? [] : [option, String(number)];
	const place = ['--home-dir', home, '--no-create-home'];
	return [
		...(hasGroup ? [] : [run('groupadd', '--system', ...numbered('--gid', gid), group)]),
		run('useradd', '--system', ...numbered('--uid', uid), '--gid', group, ...place, user),
	];
};

/** The steps that leave nothing of a service but the data. */
export const planUninstall = (
	facts: ServiceFacts,
	{
		installed,
		init,
		ownsAccount,
		ownsGroup,
	}: {
		/** Files of the service that are there. */
		readonly installed: readonly string[];
		readonly init: InitSystem;
		/** The user, and its group, were made for this service and serve no other. */
		readonly ownsAccount: boolean;
		readonly ownsGroup: boolean;
	},
): readonly Step[] => {
	const units = installed.filter(file => file.includes('/systemd/system/'));
	const scripts = installed.filter(file => file.includes('/init.d/'));
	const names = units.map(file => path.basename(file));
	return [
		...(init === 'systemd' && units.length > 0
			? [run('systemctl', 'disable', '--now', ...names)]
			: []),
		// The stamp of its last run; of a service this would be the data.
		...names
			.filter(unit => unit.startsWith('pack-') && unit.endsWith('.timer'))
			.map(unit => tryTo('systemctl', 'clean', '--what=state', unit)),
		// What is left of the run state could be used by nobody but this user.
		...names
			.filter(unit => unit === `zeo-${facts.name}.service`)
			.map(unit => tryTo('systemctl', 'clean', '--what=runtime', unit)),
		...(init === 'init' || units.length === 0 ? scripts.map(file => run(file, 'stop')) : []),
		...installed.map(file => ({step: 'remove', file}) as const),
		...(scripts.length > 0 ? [tryTo('update-rc.d', `zeo-${facts.name}`, 'remove')] : []),
		...(init === 'systemd' && units.length > 0
			? [run('systemctl', 'daemon-reload'), tryTo('systemctl', 'reset-failed', ...names)]
			: []),
		// Not every machine had the folder; it goes if nothing else is in it.
		...installed
			.filter(file => file.includes('/sysusers.d/'))
			.map(file => tryTo('rmdir', path.dirname(file))),
		...(ownsAccount ? [tryTo('userdel', facts.user)] : []),
		...(ownsGroup ? [tryTo('groupdel', facts.group)] : []),
	];
};

/** Whether a text was generated for this very conf; what names no conf serves any of the same name. */
export const isForConf = (content: string, facts: ServiceFacts): boolean => {
	if (!content.includes('# Made by zeoctl generate')) return false;
	const words = commandLine(facts).slice(2);
	const shell = renderShellCommand(words);
	const known = [renderUnitCommand(words), shell, renderCronCommand(shell)];
	const namesConf = / -C |^conf=/m.test(content);
	return (
		!namesConf ||
		known.some(text => content.includes(` ${text} `)) ||
		content.includes(`\nconf=${renderShellCommand([facts.conf])}\n`)
	);
};

/** Whether a path lies in the folder of the instance, which holds the conf, or the folder `etc` of the conf. */
const isWithin = ({conf}: ServiceFacts, place: string): boolean => {
	const etc = path.dirname(conf);
	const home = path.basename(etc) === 'etc' ? path.dirname(etc) : etc;
	const isShared = /^\/(?:[^/]*|usr\/local|var\/lib|var\/log)$/.test(home);
	return !isShared && place.startsWith(`${home}/`);
};

/** A timer starts its own service, when it is time. */
const startedUnits = (files: readonly string[]): readonly string[] =>
	files.map(file => path.basename(file)).filter(unit => !/^(?:pack|mail)-.*\.service$/.test(unit));

const run = (...words: readonly string[]): Step => ({step: 'run', words});

const tryTo = (...words: readonly string[]): Step => ({step: 'run', words, mayFail: true});
