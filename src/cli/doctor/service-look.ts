import {existsSync} from 'node:fs';
import path from 'node:path';
import {type Drift, findDrift} from '../../generate/drift.js';
import {
	type FileKind,
	fileKinds,
	type GeneratedFile,
	planServiceFiles,
} from '../../generate/plan.js';
import type {ServiceFacts} from '../../generate/service-facts.js';
import {readTemplates, type Templates} from '../../generate/templates.js';
import {errorMessage} from '../../platform/errors.js';
import type {Settings} from '../../settings/settings.js';
import {templatesFolder} from '../own-programs.js';
import {readServiceFacts} from '../service-facts.js';
import type {System} from '../system.js';

/** The service of an instance as it is installed, beside what would be generated; or why it cannot be one. */
export type ServiceLook =
	| {
			readonly facts: ServiceFacts;
			readonly drift: readonly Drift[];
			/** Kinds of files that cannot be made for it, with the reason. */
			readonly refused: readonly {readonly kind: FileKind; readonly reason: string}[];
			/** The installed unit. */
			readonly unit: string | undefined;
	  }
	| {readonly reason: string};

/** Compares the installed files of an instance with those that would be generated. Never rejects. */
export const lookAtService = async (
	system: System,
	settings: Settings,
	etc: string,
): Promise<ServiceLook> => {
	try {
		const facts = await readServiceFacts(system, settings);
		const templates = readTemplates(templatesFolder(system.programName));
		const planned = fileKinds.map(kind => planKind(kind, facts, templates));
		const files = planned.flatMap(plan => ('files' in plan ? plan.files : []));
		const refused = planned.flatMap(plan => ('reason' in plan ? [plan] : []));
		const unit = path.join(etc, `systemd/system/zeo-${facts.name}.service`);
		return {
			...{facts, refused, drift: findDrift(files, {name: facts.name, etc})},
			unit: existsSync(unit) ? unit : undefined,
		};
	} catch (error) {
		return {reason: errorMessage(error)};
	}
};

type Planned =
	| {readonly files: readonly GeneratedFile[]}
	| {readonly kind: FileKind; readonly reason: string};

const planKind = (kind: FileKind, facts: ServiceFacts, templates: Templates): Planned => {
	try {
		return {files: planServiceFiles(facts, templates, [kind])};
	} catch (error) {
		return {kind, reason: errorMessage(error)};
	}
};
