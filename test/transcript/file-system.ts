import {mkdirSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {knownFileSystem, probeFileSystem} from '../../src/transcript/file-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('what could not be tried is tried again', async t => {
	const root = temporaryFolder(t);
	// The name of a file in it is longer than a path may be.
	let deep = root;
	while (deep.length < 3900) deep = path.join(deep, 'x'.repeat(100));
	deep = path.join(deep, 'y'.repeat(4090 - deep.length - 1));
	mkdirSync(deep, {recursive: true});

	const untried = await knownFileSystem(deep);
	t.like(untried, {isUntried: true, removesHeads: false});
	t.regex(
		untried.reason ?? '',
		/^it cannot be tried what the file system \(.+\) can do: ENAMETOOLONG/,
	);

	t.is((await knownFileSystem(root)).isUntried, undefined);
	t.deepEqual(await knownFileSystem(deep), await probeFileSystem(root));
});
