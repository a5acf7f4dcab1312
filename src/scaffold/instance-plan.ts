import path from 'node:path';
import type {Answers} from './answers.js';
import {renderServerConf, renderSupervisorConf, renderZeoctlConf} from './instance-confs.js';
import {renderIgnored, renderReadme} from './instance-readme.js';
import {renderRunzeo, renderZeoctl, renderZeopack, renderZeopasswd} from './wrappers.js';

/** A file of an instance. */
export type InstanceFile = {
	/** Relative to the instance. */
	readonly path: string;
	readonly mode: number;
	readonly content: string;
};

/** Where an instance is, and what it was made by. All paths are absolute. */
export type InstancePlace = {
	readonly folder: string;
	/** The Node that runs zeoctl, and its script. */
	readonly node: string;
	readonly script: string;
	/** The pinned packages of the environment, as pip reads them. */
	readonly requirements: string;
};

/** Absolute. */
const logsFolder = ({logs_directory}: Answers, {folder}: Pick<InstancePlace, 'folder'>) =>
	path.resolve(folder, logs_directory);

/** A folder of an instance, by its absolute path. */
export type InstanceFolder = {
	readonly path: string;
	/** The server writes to it, and what it holds is not for all. */
	readonly isServers: boolean;
};

/** All folders of an instance that must exist before its server can start. */
export const planFolders = (
	answers: Answers,
	place: Pick<InstancePlace, 'folder'>,
): readonly InstanceFolder[] => [
	...['etc', 'bin'].map(name => ({path: path.join(place.folder, name), isServers: false})),
	...[path.join(place.folder, 'var'), logsFolder(answers, place)].map(each => ({
		path: each,
		isServers: true,
	})),
];

/** What `zeoctl` reads, absolute. */
export const zeoctlConf = (
	{project_slug: slug}: Answers,
	{folder}: Pick<InstancePlace, 'folder'>,
): string => path.join(folder, `etc/${slug}-zeoctl.conf`);

/** All files of an instance, but those of its service. */
export const planInstance = (answers: Answers, place: InstancePlace): readonly InstanceFile[] => {
	const {project_slug: slug} = answers;
	const conf = (kind: string) => path.join(place.folder, `etc/${slug}-${kind}.conf`);
	const whole = {...place, logs: logsFolder(answers, place), serverConf: conf('zeo')};
	return [
		{path: `etc/${slug}-zeo.conf`, mode: 0o640, content: renderServerConf(answers, whole)},
		{path: `etc/${slug}-zdaemon.conf`, mode: 0o640, content: renderSupervisorConf(answers, whole)},
		{path: `etc/${slug}-zeoctl.conf`, mode: 0o640, content: renderZeoctlConf(answers)},
		{path: 'bin/zeoctl', mode: 0o755, content: renderZeoctl(slug, place)},
		{path: 'bin/runzeo', mode: 0o755, content: renderRunzeo(slug)},
		{path: 'bin/zeopack', mode: 0o755, content: renderZeopack()},
		{path: 'bin/zeopasswd', mode: 0o755, content: renderZeopasswd()},
		{path: 'requirements.txt', mode: 0o644, content: place.requirements},
		{path: 'README.md', mode: 0o644, content: renderReadme(answers, place.folder)},
		{path: '.gitignore', mode: 0o644, content: renderIgnored()},
	];
};
