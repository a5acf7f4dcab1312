import path from 'node:path';
import {type FileKind, type GeneratedFile, planServiceFiles} from '../generate/plan.js';
import type {ServiceFacts} from '../generate/service-facts.js';
import {readTemplates} from '../generate/templates.js';
import {isZeoctlError} from '../platform/errors.js';
import {nodeFileSystem} from '../settings/file-system.js';
import {loadSettings} from '../settings/load.js';
import {withPlannedFiles} from '../settings/planned-files.js';
import {resolveServer} from '../settings/server.js';
import {templatesFolder} from './own-programs.js';
import {readServiceFacts} from './service-facts.js';
import type {System} from './system.js';

/** An instance whose files may not have been written yet. All paths are absolute. */
export type ComingInstance = {
	/** What `zeoctl` reads. */
	readonly conf: string;
	/** Of a user that does not exist yet. */
	readonly group: string;
	readonly files: ReadonlyMap<string, string>;
	readonly folders: readonly string[];
};

export type PlannedService = {
	readonly files: readonly GeneratedFile[];
	readonly refusals: readonly ServiceRefusal[];
};

/** Why some files are left out, and in which folders they would be. */
type ServiceRefusal = {readonly reason: string; readonly folders: readonly string[]};

/** What is made or refused together: a user without the units that need it helps nobody. */
const groups: readonly {
	readonly kinds: readonly FileKind[];
	readonly folders: readonly string[];
}[] = [
	{kinds: ['systemd', 'sysusers', 'tmpfiles'], folders: ['systemd', 'sysusers.d', 'tmpfiles.d']},
	{kinds: ['initd'], folders: ['init.d']},
	{kinds: ['logrotate'], folders: ['logrotate.d']},
	{kinds: ['cron'], folders: ['cron.d']},
];

/** The files of the service that an instance can be, as `zeoctl generate` makes them once its files are there. */
export const planService = async (
	system: System,
	instance: ComingInstance,
): Promise<PlannedService> => {
	const templates = readTemplates(templatesFolder(system.programName));
	try {
		const facts = await readComingFacts(system, instance);
		const plans = groups.map(({kinds, folders}) =>
			attempt(folders, () => planServiceFiles(facts, templates, kinds)),
		);
		return {
			files: plans.flatMap(plan => plan.files),
			refusals: plans.flatMap(plan => plan.refusals),
		};
	} catch (error) {
		const folders = groups.flatMap(group => group.folders);
		return {files: [], refusals: [{reason: reasonOf(error), folders}]};
	}
};

const readComingFacts = (
	system: System,
	{conf, group, ...planned}: ComingInstance,
): Promise<ServiceFacts> => {
	const fileSystem = withPlannedFiles(nodeFileSystem, planned);
	const place = {environment: system.environment, cwd: path.dirname(conf), fileSystem};
	const settings = loadSettings({overrides: {configFile: conf}, ...place});
	const coming = {
		...system,
		cwd: place.cwd,
		resolveServer: () => resolveServer(settings, place).server,
	};
	return readServiceFacts(coming, settings, {group});
};

const attempt = (
	folders: readonly string[],
	plan: () => readonly GeneratedFile[],
): PlannedService => {
	try {
		return {files: plan(), refusals: []};
	} catch (error) {
		return {files: [], refusals: [{reason: reasonOf(error), folders}]};
	}
};

/** What is no refusal is a defect, and thrown again. */
const reasonOf = (error: unknown): string => {
	if (isZeoctlError(error)) return error.message;
	throw error;
};
