import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {tryAppending} from '../../src/platform/try-appending.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('what could be appended to is left as it is, and nothing is made', t => {
	const folder = temporaryFolder(t);
	const [present, coming] = [path.join(folder, 'present'), path.join(folder, 'coming')];
	writeFileSync(present, 'text');
	tryAppending(present);
	tryAppending(coming);
	t.is(readFileSync(present, 'utf8'), 'text');
	t.false(existsSync(coming));
});

test('a folder, and a file in a folder that is not there, are refused as by open(2)', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'inner'));
	t.throws(() => tryAppending(path.join(folder, 'inner')), {code: 'EISDIR'});
	t.throws(() => tryAppending(path.join(folder, 'none/x')), {code: 'ENOENT'});
});

test('a device is not opened', t => {
	t.notThrows(() => tryAppending('/dev/full'));
});
