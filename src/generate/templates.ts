import {readFileSync} from 'node:fs';
import path from 'node:path';

const files = {
	service: 'zeo.service',
	packService: 'pack-zeo.service',
	packTimer: 'pack-zeo.timer',
	mailService: 'mail-zeo.service',
	mailPath: 'mail-zeo.path',
	mailTimer: 'mail-zeo.timer',
	sysusers: 'sysusers.conf',
	tmpfiles: 'tmpfiles.conf',
	initd: 'initd',
	logrotate: 'logrotate',
	cron: 'cron',
} as const;

/** The texts of `units/`, by what they are for. */
export type Templates = {readonly [Name in keyof typeof files]: string};

/** Reads the templates from the folder `units` of the package. Throws system errors. */
export const readTemplates = (folder: string): Templates => {
	const read = (name: keyof typeof files): string =>
		readFileSync(path.join(folder, files[name]), 'utf8');
	return {
		...{service: read('service'), packService: read('packService'), packTimer: read('packTimer')},
		...{mailService: read('mailService'), mailPath: read('mailPath'), mailTimer: read('mailTimer')},
		...{sysusers: read('sysusers'), tmpfiles: read('tmpfiles'), initd: read('initd')},
		...{logrotate: read('logrotate'), cron: read('cron')},
	};
};
