import {readFileSync, renameSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {Script} from 'node:vm';

/** A CommonJS file that was loaded with the help of the code that V8 made of it in an earlier run. */
export type CompiledModule = {
	readonly exports: unknown;
	/** Keeps V8's code for the next run, if this one had none that fitted and the folder is ours to write to. */
	save(): void;
};

/**
 * Names the very build of Node that runs, for what is kept for it alone: V8 refuses code of another V8, but not that of
 * another Node with the same V8 and other patches or built-in parts, and crashes on it (Node 20.19.0 on code of 20.20.2,
 * both V8 11.3.244.8). Undefined where it cannot be told.
 */
export const nodeBuild = (): string | undefined => {
	try {
		// Debian's is small and of one size, its library comes with it.
		const {size, mtimeMs} = statSync('/proc/self/exe');
		return `${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs / 1000)}`;
	} catch {
		return undefined;
	}
};

/**
 * Runs a CommonJS file, of ASCII text and already wrapped into the function that gives it `exports`, `require` and so
 * on. Reading its text takes V8 longer than all else that a short command does, so the result is kept beside the file, as
 * Python does in `__pycache__`: by the same owner, in the same folder, never needed. `cacheFile` must name the very
 * content of `file` and the build of Node, because V8 looks at lengths and its own version only; code of other flags is
 * refused by V8 itself. Without it nothing is kept. `name` is what stack traces call it, kept with the code: the same
 * wherever the package lies. `load` is how the file reaches others beside it, and modules of Node.
 */
export const loadCompiled = (
	file: string,
	{name, cacheFile}: {readonly name: string; readonly cacheFile: string | undefined},
	load: (id: string) => unknown,
): CompiledModule => {
	const cachedData = cacheFile === undefined ? undefined : readIfThere(cacheFile);
	// Of all encodings, Node reads this one without a buffer in between.
	const source = readFileSync(file, 'utf8');
	const script = new Script(source, {filename: name, ...(cachedData && {cachedData})});
	const module = {exports: {}};
	script.runInThisContext()(module.exports, load, module, file, path.dirname(file));
	// Only that is kept of it: a supervisor lives for months.
	const isMissing = cachedData === undefined || script.cachedDataRejected === true;
	return {
		exports: module.exports,
		save() {
			if (isMissing && cacheFile !== undefined) {
				writeBeside(file, cacheFile, () => script.createCachedData());
			}
		},
	};
};

const readIfThere = (file: string): Buffer | undefined => {
	try {
		return readFileSync(file);
	} catch {
		return undefined;
	}
};

const writeBeside = (file: string, cacheFile: string, render: () => Buffer): void => {
	const temporary = `${cacheFile}.${process.pid}`;
	try {
		// Code that root will run is kept by root alone, and nobody's code is kept for another.
		if (statSync(file).uid !== process.geteuid?.()) return;
		// V8 does not look whether it is whole, which after a loss of power it might not be.
		writeFileSync(temporary, render(), {flag: 'wx', mode: 0o644, flush: true});
		renameSync(temporary, cacheFile);
	} catch {
		try {
			unlinkSync(temporary);
		} catch {
			// It never came into being; the next run tries again.
		}
	}
};
