import {constants, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {mayAccess} from '../../src/platform/may-access.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('what is there and allowed may be used, what is missing or not allowed may not', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'plain');
	writeFileSync(file, '');
	t.true(mayAccess(folder, constants.W_OK | constants.X_OK));
	// Nobody may execute a file without the mode for it, not even root.
	t.false(mayAccess(file, constants.X_OK));
	t.false(mayAccess(path.join(folder, 'missing'), constants.F_OK));
	t.false(mayAccess(path.join(file, 'below'), constants.W_OK));
});
