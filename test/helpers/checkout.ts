import {cpSync, mkdirSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {projectRoot} from './zeoctl.js';

const made =
	/^(?:\.git|node_modules|build|dist|demo|coverage|\.test-env|\.artifacts|tsconfig\.tsbuildinfo)$/;

/** Copy the sources to `folder`, as a fresh clone would hold them. */
export const copySources = (folder: string): void => {
	mkdirSync(folder, {recursive: true});
	cpSync(projectRoot, folder, {
		recursive: true,
		filter: source => !made.test(path.relative(projectRoot, source)),
	});
};

/** The same with the installed packages, which are shared. */
export const copyCheckout = (folder: string): void => {
	copySources(folder);
	symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
};
