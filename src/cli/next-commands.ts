import {existsSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import {isBooted} from '../systemd/booted.js';
import {makeUserWords} from './make-user.js';
import {findOpenFolders, findOwnPrograms, type OwnPrograms} from './own-programs.js';
import type {System} from './system.js';

/** What is typed next about an instance, from the folder of the caller; undefined for what it cannot do. */
export type NextCommands = {
	readonly afterInit: string;
	readonly start: string | undefined;
	readonly install: string | undefined;
};

/**
 * The commands that bring an instance up, of which some files were just `written`. Where the user of its server is yet
 * to be made, an installation does that; where it can be no service, as where others could exchange its programs, the start
 * is preceded by what does.
 */
export const nextCommands = (
	{
		cwd,
		identity,
		programName,
		ownName,
	}: Pick<System, 'cwd' | 'identity' | 'programName' | 'ownName'>,
	folder: string,
	{
		written = [],
		lacksUser,
		programs = findOwnPrograms(programName),
	}: {
		readonly written?: readonly string[];
		readonly lacksUser?: string;
		readonly programs?: OwnPrograms;
	} = {},
): NextCommands => {
	const relative = path.relative(cwd, folder) || '.';
	const place = relative.startsWith('../..') ? folder : relative;
	const hasIts = (file: string): boolean => existsSync(path.join(folder, file));
	const own = path.join(place, 'bin/zeoctl');
	const sudo = identity.geteuid() === 0 ? [] : ['sudo'];
	const service = isBooted() ? 'etc/systemd' : 'etc/init.d';
	const canInstall = hasIts(service) && findOpenFolders(programs).length === 0;
	const install = canInstall ? renderShellCommand([...sudo, own, 'install']) : undefined;
	const startAnew = (user: string): string =>
		[
			makeUserWords(user),
			// The files become its own.
			[own, 'init', '--update', place],
			[own, 'start'],
		]
			.map(words => renderShellCommand([...sudo, ...words]))
			.join(' && ');
	const start = (): string | undefined => {
		if (lacksUser === undefined) return renderShellCommand([own, 'start']);
		return install === undefined ? startAnew(lacksUser) : undefined;
	};
	return {
		afterInit:
			hasIts('env/bin/python') && !written.includes('requirements.txt')
				? renderShellCommand([own, 'check'])
				: renderShellCommand([...ownName(), 'bootstrap', place]),
		start: hasIts('bin/zeoctl') ? start() : undefined,
		install,
	};
};
