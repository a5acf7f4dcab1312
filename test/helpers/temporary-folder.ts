import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';

/**
 * A fresh folder for one test, removed when the test ends. Its path is real (no symbolic links) and short, so
 * that a control socket fits below it.
 */
export const temporaryFolder = (t: ExecutionContext<unknown>): string => {
	const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'zt-')));
	t.teardown(() => rmSync(folder, {recursive: true, force: true, maxRetries: 5}));
	return folder;
};
