import {renderCalendar} from './calendar.js';
import {commandLine} from './command-line.js';
import {refuseHiddenPaths} from './hidden-paths.js';
import type {GeneratedFile} from './plan.js';
import type {ServiceFacts} from './service-facts.js';
import {fillTemplate, type TemplateValues} from './template.js';
import type {Templates} from './templates.js';
import {renderUnitCommand, renderUnitFolder, renderUnitWord} from './unit-text.js';

/** The units of an instance: the server, its packs if they have a schedule, its mail if it sends any. */
export const planUnits = (facts: ServiceFacts, templates: Templates): readonly GeneratedFile[] => {
	refuseHiddenPaths(facts);
	const {name, packs, mailTo} = facts;
	const values = unitValues(facts);
	const unit = (file: string, template: string, more: TemplateValues = {}): GeneratedFile => ({
		path: `systemd/${file}`,
		mode: 0o644,
		content: fillTemplate(template, {...values, ...more}),
		kind: 'systemd',
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

/** The user and the group of a service, and the folder of its control socket where that is emptied at each boot. */
export const planAccounts = (
	facts: ServiceFacts,
	templates: Templates,
): readonly GeneratedFile[] => {
	const {name, user, group, home, socketFolder} = facts;
	const folder = below('/run', socketFolder);
	const values = {user, group, home: renderUnitWord(home), folder: renderUnitWord(socketFolder)};
	const accounts: GeneratedFile = {
		path: `sysusers.d/zeo-${name}.conf`,
		mode: 0o644,
		content: fillTemplate(templates.sysusers, values),
		kind: 'sysusers',
	};
	const folders: GeneratedFile = {
		path: `tmpfiles.d/zeo-${name}.conf`,
		mode: 0o644,
		content: fillTemplate(templates.tmpfiles, values),
		kind: 'tmpfiles',
	};
	return [...(user === 'root' ? [] : [accounts]), ...(folder === undefined ? [] : [folders])];
};

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
		'start-seconds': String(facts.startTimeout + 60),
		'stop-seconds': stopSeconds(facts),
		'runtime-directory': runtime.map(renderUnitWord),
		'state-directory': state === undefined ? [] : [renderUnitWord(state)],
		writable: others.map(renderUnitWord),
		'private-users': facts.hasSocketGroup ? 'no' : 'yes',
		outbox: renderUnitFolder(`${stateDirectory}/outbox`),
	};
};

const timerValues = ({packs}: ServiceFacts): TemplateValues => ({
	calendar: unique(packs.flatMap(({schedule, timeZone}) => renderCalendar(schedule, timeZone))),
	jitter: String(Math.max(...packs.map(({jitter}) => jitter))),
});

/** Half a minute more than what a stop may take. */
const stopSeconds = ({stopTimeout, stopPackWait}: ServiceFacts): string =>
	stopTimeout === 0 ? 'infinity' : String(stopTimeout + stopPackWait + 30);

/** What follows a folder of the system in a path below it. */
const below = (folder: string, path: string): string | undefined =>
	path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];
