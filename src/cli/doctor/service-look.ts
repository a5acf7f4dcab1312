import {existsSync} from 'node:fs';
import path from 'node:path';
import {type Drift, findDrift} from '../../generate/drift.js';
import {planServiceFiles} from '../../generate/plan.js';
import type {ServiceFacts} from '../../generate/service-facts.js';
import {readTemplates} from '../../generate/templates.js';
import {errorMessage} from '../../platform/errors.js';
import type {Settings} from '../../settings/settings.js';
import {readServiceFacts, templatesFolder} from '../service-facts.js';
import type {System} from '../system.js';

/** The service of an instance as it is installed, beside what would be generated; or why it cannot be one. */
export type ServiceLook =
	| {readonly facts: ServiceFacts; readonly drift: readonly Drift[]; readonly unit: string | undefined}
	| {readonly reason: string};

/** Compares the installed files of an instance with those that would be generated. */
export const lookAtService = async (
	system: System,
	settings: Settings,
	etc: string,
): Promise<ServiceLook> => {
	try {
		const facts = await readServiceFacts(system, settings);
		const templates = readTemplates(templatesFolder(system.programName));
		const drift = findDrift(planServiceFiles(facts, templates), {name: facts.name, etc});
		const unit = path.join(etc, `systemd/system/zeo-${facts.name}.service`);
		return {facts, drift, unit: existsSync(unit) ? unit : undefined};
	} catch (error) {
		return {reason: errorMessage(error)};
	}
};
