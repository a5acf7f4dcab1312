import {accessSync, constants} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {projectRoot} from './zeoctl.js';

/**
 * The Python that holds the reference packages (zdaemon, ZConfig, ZEO), made by `npm test`. Where there is none
 * the test is passed with a printed reason and the answer is undefined; with `CI=true` it fails instead.
 */
export const testPython = (t: ExecutionContext<unknown>): string | undefined => {
	const python =
		process.env['ZEOCTL_TEST_PYTHON'] ?? path.join(projectRoot, '.test-env/bin/python');
	try {
		accessSync(python, constants.X_OK);
		return python;
	} catch {
		skip(t, `no Python with the reference packages at ${python}; "npm test" makes one`);
		return undefined;
	}
};

/** Pass with a printed reason what this machine cannot show; with `CI=true` that is a failure. */
export const skip = (t: ExecutionContext<unknown>, reason: string): void => {
	if (process.env['CI'] === 'true') {
		t.fail(`may not be skipped with CI=true: ${reason}`);
	} else {
		t.log(`skipped: ${reason}`);
		t.pass();
	}
};
