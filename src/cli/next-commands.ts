import {existsSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import {isBooted} from '../systemd/booted.js';
import type {System} from './system.js';

/** What is typed next about an instance, from the folder of the caller; undefined for what it cannot do. */
export type NextCommands = {
	readonly afterInit: string;
	readonly start: string | undefined;
	readonly install: string | undefined;
};

/** The commands that bring an instance up, of which some files were just written. */
export const nextCommands = (
	{cwd, identity}: System,
	folder: string,
	written: readonly string[] = [],
): NextCommands => {
	const relative = path.relative(cwd, folder) || '.';
	const place = relative.startsWith('../..') ? folder : relative;
	const hasIts = (file: string): boolean => existsSync(path.join(folder, file));
	const ctl = (...words: readonly string[]): string =>
		renderShellCommand([...words.slice(0, -1), path.join(place, 'bin/zeoctl'), ...words.slice(-1)]);
	const sudo = identity.geteuid() === 0 ? [] : ['sudo'];
	const service = isBooted() ? 'etc/systemd' : 'etc/init.d';
	return {
		afterInit:
			hasIts('env/bin/python') && !written.includes('requirements.txt')
				? ctl('check')
				: renderShellCommand(['zeoctl', 'bootstrap', place]),
		start: hasIts('bin/zeoctl') ? ctl('start') : undefined,
		install: hasIts(service) ? ctl(...sudo, 'install') : undefined,
	};
};
