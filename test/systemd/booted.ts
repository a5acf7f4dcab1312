import path from 'node:path';
import test from 'ava';
import {isBooted} from '../../src/systemd/booted.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('systemd manages a system that has its mark', t => {
	const folder = temporaryFolder(t);
	t.true(isBooted(folder));
	t.false(isBooted(path.join(folder, 'nowhere')));
});
