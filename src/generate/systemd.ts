import {renderCalendar} from './calendar.js';
import {commandLine} from './command-line.js';
import {refuseHiddenPaths} from './hidden-paths.js';
import type {GeneratedFile, Planner} from './plan.js';
import type {ServiceFacts} from './service-facts.js';
import {fillTemplate, type TemplateValues} from './template.js';
import {renderUnitCommand, renderUnitFolder, renderUnitGlob, renderUnitWord} from './unit-text.js';

/** The units of an instance: the server, its packs if they have a schedule, its mail if it sends any. */
export const planUnits: Planner = (facts, templates) => {
	refuseHiddenPaths(facts);
	const {name, packs, mailTo} = facts;
	const values = unitValues(facts);
	const unit = (
		file: string,
		template: string,
		more: TemplateValues = {},
	): Omit<GeneratedFile, 'kind'> => ({
		path: `systemd/${file}`,
		mode: 0o644,
		content: fillTemplate(template, {...values, ...more}),
	});
	const pack =
		packs.length === 0
			? []
			: [
					unit(`pack-zeo-${name}.service`, templates.packService),
					unit(`pack-zeo-${name}.timer`, templates.packTimer, timerValues(facts)),
				];
	const mail =
		mailTo === undefined
			? []
			: [
					unit(`mail-zeo-${name}.service`, templates.mailService),
					unit(`mail-zeo-${name}.path`, templates.mailPath),
					unit(`mail-zeo-${name}.timer`, templates.mailTimer),
				];
	return [unit(`zeo-${name}.service`, templates.service), ...pack, ...mail];
};

/** The user of a service, with its group. */
export const planAccounts: Planner = ({name, user, group, home}, templates) =>
	user === 'root'
		? []
		: [
				{
					path: `sysusers.d/zeo-${name}.conf`,
					mode: 0o644,
					content: fillTemplate(templates.sysusers, {user, group, home: renderUnitWord(home)}),
				},
			];

/** The folder of the control socket, where that is emptied at each boot. */
export const planFolders: Planner = ({name, user, group, socketFolder}, templates) =>
	!socketFolder.startsWith('/run/')
		? []
		: [
				{
					path: `tmpfiles.d/zeo-${name}.conf`,
					mode: 0o644,
					content: fillTemplate(templates.tmpfiles, {
						...{user, group},
						folder: renderUnitWord(socketFolder),
					}),
				},
			];

const unitValues = (facts: ServiceFacts): TemplateValues => {
	const {name, user, group, directory, launcher, stateDirectory, writable} = facts;
	const runtime = writable.flatMap(folder => below('/run', folder) ?? []);
	const state = below('/var/lib', stateDirectory);
	const others = writable.filter(
		folder =>
			below('/run', folder) === undefined && !(state !== undefined && folder === stateDirectory),
	);
	const call = (...verb: readonly string[]): string =>
		renderUnitCommand(commandLine(facts, ...verb));
	return {
		...{name, user, group},
		directory: renderUnitFolder(directory),
		mount: unique([directory, facts.conf, ...others]).map(renderUnitWord),
		supervise: renderUnitCommand([launcher, ...commandLine(facts, 'supervise')]),
		...{stop: call('stop'), reload: call('reload')},
		...{pack: call('pack', '--scheduled'), flush: call('mail', 'flush', '--due')},
		...(facts.needsAddress ? {addressed: [''], anywhere: []} : {addressed: [], anywhere: ['']}),
		'notify-access': facts.canConnect ? 'main' : 'all',
		'by-tool': facts.canConnect ? [] : [''],
		'start-seconds': String(facts.startTimeout + 60),
		'stop-seconds': stopSeconds(facts),
		'runtime-directory': runtime,
		'has-runtime': runtime.length === 0 ? [] : [''],
		...(state === undefined
			? {'state-directory': [], 'has-state': []}
			: {'state-directory': [state], 'has-state': ['']}),
		writable: others.map(renderUnitWord),
		outbox: renderUnitFolder(`${stateDirectory}/outbox`),
		...mailSandbox(facts),
		waiting: ['outbox', 'outbox/sending'].map(
			folder => `${renderUnitGlob(`${stateDirectory}/${folder}`)}/*.json*`,
		),
	};
};

/** The jobs that send mail are as tight as the server, unless a program of the machine is to send it. */
const mailSandbox = ({hasSendmail}: ServiceFacts): TemplateValues => ({
	sealed: hasSendmail ? [] : [''],
	open: hasSendmail ? [''] : [],
	'protect-system': hasSendmail ? 'full' : 'strict',
});

const timerValues = ({packs}: ServiceFacts): TemplateValues => ({
	calendar: unique(packs.flatMap(({schedule, timeZone}) => renderCalendar(schedule, timeZone))),
	jitter: String(Math.max(...packs.map(({jitter}) => jitter))),
});

/** Half a minute more than the server may take; one that is never to be killed gets half an hour. */
const stopSeconds = ({stopTimeout}: ServiceFacts): string =>
	String((stopTimeout === 0 ? 1800 : stopTimeout) + 30);

/** What follows a folder of the system in a path below it, where systemd takes it for the name of a directory. */
const below = (folder: string, path: string): string | undefined => {
	const rest = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
	return /^[\w.-]+(?:\/[\w.-]+)*$/.test(rest) ? rest : undefined;
};

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];
