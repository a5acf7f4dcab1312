import {planCron} from './cron.js';
import {planInitd} from './initd.js';
import {planLogrotate} from './logrotate.js';
import {sealContent} from './seal.js';
import type {ServiceFacts} from './service-facts.js';
import {planAccounts, planFolders, planUnits} from './systemd.js';
import type {Templates} from './templates.js';

/** Who reads a generated file. */
export type FileKind = keyof typeof planners;

export type GeneratedFile = {
	/** Relative to `etc`. */
	readonly path: string;
	readonly mode: number;
	readonly content: string;
	readonly kind: FileKind;
};

/** The files of one kind, none where the instance needs none. */
export type Planner = (
	facts: ServiceFacts,
	templates: Templates,
) => readonly Omit<GeneratedFile, 'kind'>[];

const planners = {
	systemd: planUnits,
	sysusers: planAccounts,
	tmpfiles: planFolders,
	initd: planInitd,
	logrotate: planLogrotate,
	cron: planCron,
} satisfies Record<string, Planner>;

/** Every kind. */
export const fileKinds = Object.keys(planners) as readonly FileKind[];

/**
 * The files of some kinds that make a service of an instance. Throws where a value cannot be written into one of them,
 * or the service could not work.
 */
export const planServiceFiles = (
	facts: ServiceFacts,
	templates: Templates,
	kinds: readonly FileKind[] = fileKinds,
): readonly GeneratedFile[] =>
	kinds.flatMap(kind =>
		planners[kind](facts, templates).map(file => ({
			...file,
			content: sealContent(file.content),
			kind,
		})),
	);
