import path from 'node:path';
import type {FileKind, GeneratedFile} from './plan.js';

/** Where below `/etc` the files of each kind are read. */
const folders: Readonly<Record<FileKind, string>> = {
	systemd: 'systemd/system',
	sysusers: 'sysusers.d',
	tmpfiles: 'tmpfiles.d',
	initd: 'init.d',
	logrotate: 'logrotate.d',
	cron: 'cron.d',
};

/** Where a generated file is installed. */
export const installedPath = ({kind, path: name}: GeneratedFile, etc: string): string =>
	path.join(etc, folders[kind], path.basename(name));

/** Where all files that an instance of this name may have are installed, whatever its conf says now. */
export const possiblePaths = (name: string, etc: string): readonly string[] => [
	...[`zeo-${name}.service`, `pack-zeo-${name}.service`, `pack-zeo-${name}.timer`]
		.concat(`mail-zeo-${name}.service`, `mail-zeo-${name}.path`, `mail-zeo-${name}.timer`)
		.map(unit => path.join(etc, folders.systemd, unit)),
	path.join(etc, folders.sysusers, `zeo-${name}.conf`),
	path.join(etc, folders.tmpfiles, `zeo-${name}.conf`),
	path.join(etc, folders.initd, `zeo-${name}`),
	path.join(etc, folders.logrotate, `zeo-${name}`),
	path.join(etc, folders.cron, `pack-zeo-${name}`),
];
