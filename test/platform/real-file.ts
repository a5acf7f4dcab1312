import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {realFile} from '../../src/platform/real-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a file is where its links lead, whether it is there or not', t => {
	const folder = temporaryFolder(t);
	const at = (...names: readonly string[]) => path.join(folder, ...names);
	mkdirSync(at('disk'));
	symlinkSync('disk', at('var'));
	symlinkSync('../var/Data.fs', at('disk', 'link'));
	symlinkSync(at('disk', 'link'), at('chain'));
	t.is(realFile(at('var', 'Data.fs')), at('disk', 'Data.fs'));
	t.is(realFile(at('chain')), at('disk', 'Data.fs'));
	writeFileSync(at('disk', 'Data.fs'), '');
	t.is(realFile(at('var', 'Data.fs')), at('disk', 'Data.fs'));
	t.is(realFile(at('chain')), at('disk', 'Data.fs'));
});

test('what cannot be resolved stays as it is', t => {
	const folder = temporaryFolder(t);
	const loop = path.join(folder, 'loop');
	symlinkSync('loop', loop);
	t.is(realFile(loop), loop);
	t.is(realFile('/nowhere/at/all'), '/nowhere/at/all');
});
