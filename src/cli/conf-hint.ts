import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import type {System} from './system.js';

/**
 * A hint for a person who forgot `-C`, or typed it or its file in another place; otherwise one that names a
 * configuration file nearby. Nothing is looked for when nobody watches.
 */
export const confHint = (system: System): {readonly hint?: string} => {
	if (!system.stderr.isTerminal) return {};
	const order = orderHint(system);
	if (order !== undefined) return {hint: order};
	const [candidate] = ['.', 'etc', 'demo/etc'].flatMap(folder => candidates(system.cwd, folder));
	return candidate === undefined
		? {}
		: {hint: renderShellCommand(['zeoctl', '-C', candidate, ...system.argv])};
};

/** A hint for who typed a conf or a program, but not as an option before the action. */
export const orderHint = (system: Pick<System, 'argv' | 'cwd'>): string | undefined => {
	const words = putOptionsFirst(system);
	return words && `options come before the action: ${renderShellCommand(['zeoctl', ...words])}`;
};

const putOptionsFirst = ({
	argv,
	cwd,
}: Pick<System, 'argv' | 'cwd'>): readonly string[] | undefined => {
	const [first = '', ...others] = argv;
	if (first.endsWith('.conf') && existsSync(path.resolve(cwd, first)))
		return ['-C', first, ...others];
	const at = argv.findIndex(word => /^-[Cp]|^--(?:configure|program)(?:=|$)/.test(word));
	if (at === -1) return undefined;
	const isApart = /^(?:-.|--\w+)$/.test(argv[at] ?? '');
	const end = at + (isApart ? 2 : 1);
	return [...argv.slice(at, end), ...argv.slice(0, at), ...argv.slice(end)];
};

const candidates = (cwd: string, folder: string): string[] => {
	try {
		return readdirSync(path.join(cwd, folder))
			.filter(name => /(?:^|[-.])(?:zeoctl|zdaemon|zeo)\.conf$/.test(name))
			.sort((left, right) => rank(left) - rank(right))
			.map(name => path.join(folder, name));
	} catch {
		return [];
	}
};

/** Our own files before zdaemon's, both before the server's. */
const rank = (name: string): number =>
	['zeoctl.conf', 'zdaemon.conf', 'zeo.conf'].findIndex(suffix => name.endsWith(suffix));
