import {readdirSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import type {System} from './system.js';

/**
 * A hint that names a configuration file nearby, for a person who forgot `-C`. Nothing is looked for when nobody
 * watches.
 */
export const confHint = (system: System): {readonly hint?: string} => {
	if (!system.stderr.isTerminal) return {};
	const [candidate] = ['.', 'etc', 'demo/etc'].flatMap(folder => candidates(system.cwd, folder));
	return candidate === undefined
		? {}
		: {hint: renderShellCommand(['zeoctl', '-C', candidate, ...system.argv])};
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
