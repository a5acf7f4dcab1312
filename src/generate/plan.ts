import {planCron} from './cron.js';
import {planInitd} from './initd.js';
import {planLogrotate} from './logrotate.js';
import type {ServiceFacts} from './service-facts.js';
import {planAccounts, planUnits} from './systemd.js';
import type {Templates} from './templates.js';

/** Who reads a generated file. */
export type FileKind = 'systemd' | 'sysusers' | 'tmpfiles' | 'initd' | 'logrotate' | 'cron';

export type GeneratedFile = {
	/** Relative to `etc`. */
	readonly path: string;
	readonly mode: number;
	readonly content: string;
	readonly kind: FileKind;
};

/** All files that make a service of an instance. Throws where a value cannot be written into one of them. */
export const planServiceFiles = (
	facts: ServiceFacts,
	templates: Templates,
): readonly GeneratedFile[] => [
	...planUnits(facts, templates),
	...planAccounts(facts, templates),
	...planInitd(facts, templates),
	...planLogrotate(facts, templates),
	...planCron(facts, templates),
];
