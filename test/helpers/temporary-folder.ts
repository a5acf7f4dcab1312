import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {endLeftovers} from './leftovers.js';

/**
 * A fresh folder for one test, removed when the test ends. Its path is real (no symbolic links) and short, so
 * that a control socket fits below it.
 */
export const temporaryFolder = (t: ExecutionContext<unknown>): string => {
	const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'zt-')));
	t.teardown(async () => {
		// What is set up last is torn down first, and a supervisor that is younger than the folder writes there.
		await endLeftovers(t);
		rmSync(folder, {recursive: true, force: true, maxRetries: 5});
	});
	return folder;
};
