import {readFileSync} from 'node:fs';

/** The service of systemd that a process belongs to, such as `zeo-main.service`; undefined when it is in none. */
export const unitOfProcess = (pid: number): string | undefined => {
	try {
		return unitInCgroups(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
	} catch {
		return undefined;
	}
};

/**
 * The innermost service in the lines of cgroups(7); unified first, else the one of systemd's own hierarchy. A
 * person's session is a scope, and `user@1000.service` alone only the manager of what that person runs.
 */
export const unitInCgroups = (text: string): string | undefined => {
	const lines = text.split('\n');
	const paths = [/^0::(.*)/, /^\d+:name=systemd:(.*)/].flatMap(pattern =>
		lines.flatMap(line => pattern.exec(line)?.[1] ?? []),
	);
	const parts = paths.find(path => /\.(?:service|scope)(?:\/|$)/.test(path))?.split('/') ?? [];
	const unit = parts.findLast(part => /\.(?:service|scope)$/.test(part));
	return unit === undefined || unit.endsWith('.scope') || /^user@\d+\.service$/.test(unit)
		? undefined
		: unescapeCgroup(unit);
};

/** A name that the kernel would misunderstand gets a `_` in front (systemd's `cg_escape`). */
const unescapeCgroup = (name: string): string => (name.startsWith('_') ? name.slice(1) : name);
