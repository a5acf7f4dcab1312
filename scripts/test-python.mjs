// The Python environment of the tests: everything that is compared with, or supervised by, zeoctl.
import path from 'node:path';
import {makePythonEnvironment} from './python-environment.mjs';
import {root} from './ready.mjs';

/** Make it unless `ZEOCTL_TEST_PYTHON` names another one; resolves to its Python. */
export const readyTestPython = async () => {
	process.env.ZEOCTL_TEST_PYTHON ??= await makePythonEnvironment({
		folder: path.join(root, '.test-env'),
		requirements: path.join(root, 'scripts/test-requirements.txt'),
		modules: [
			'zdaemon',
			'ZConfig',
			'ZEO.runzeo',
			'relstorage',
			'newt.db',
			'tempstorage',
			'zc.zlibstorage',
		],
	});
	return process.env.ZEOCTL_TEST_PYTHON;
};
