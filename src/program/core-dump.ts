import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

/** Signals whose default action leaves a core (signal(7)). */
const dumping: ReadonlySet<string> = new Set([
	...['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGIOT', 'SIGQUIT', 'SIGSEGV'],
	...['SIGSYS', 'SIGTRAP', 'SIGUNUSED', 'SIGXCPU', 'SIGXFSZ'],
]);

type Death = {
	readonly pid: number;
	readonly signal: string | null;
	/** The folder that the process ran in. */
	readonly directory: string;
	/** Unix seconds. */
	readonly startedAt: number;
};

/**
 * What became of the core of a process that died by a signal, as the kernel's `core_pattern` says (core(5)): the
 * file, if one is there that was written in its life, or the command that shows what a collector was given.
 */
export const findCore = (death: Death, readSettings = readKernelSettings): string | undefined => {
	if (death.signal === null || !dumping.has(death.signal)) return undefined;
	const {pattern, usesPid} = readSettings();
	if (pattern === '') return undefined;
	if (!pattern.startsWith('|')) return findFile(death, usesPid ? withPid(pattern) : pattern);
	return pattern.includes('systemd-coredump') ? `coredumpctl info ${death.pid}` : undefined;
};

const readKernelSettings = (): {readonly pattern: string; readonly usesPid: boolean} => ({
	pattern: read('/proc/sys/kernel/core_pattern'),
	usesPid: read('/proc/sys/kernel/core_uses_pid') === '1',
});

const read = (file: string): string => {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		return '';
	}
};

const withPid = (pattern: string): string => (pattern.includes('%p') ? pattern : `${pattern}.%p`);

const findFile = ({pid, directory, startedAt}: Death, pattern: string): string | undefined => {
	const place = path.resolve(directory, pattern);
	const name = namesOf(path.basename(place), pid);
	try {
		return readdirSync(path.dirname(place))
			.filter(each => name.test(each))
			.map(each => path.join(path.dirname(place), each))
			.find(file => statSync(file).mtimeMs / 1000 >= startedAt);
	} catch {
		return undefined;
	}
};

/** The pid is known; what stands for the other placeholders is taken as it comes. */
const namesOf = (pattern: string, pid: number): RegExp => {
	const parts = [...pattern.matchAll(/%(.)|([^%]+)/g)].map(([, placeholder, text]) => {
		if (placeholder === undefined) return (text ?? '').replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
		if (placeholder === '%') return '%';
		return /[pPiI]/.test(placeholder) ? String(pid) : '.*';
	});
	return new RegExp(`^${parts.join('')}$`);
};
