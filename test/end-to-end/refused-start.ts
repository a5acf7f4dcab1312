import {mkdirSync, readdirSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {zeoctl} from '../helpers/zeoctl.js';

test('a start that is refused for its transcript leaves no control socket behind', async t => {
	const cwd = temporaryFolder(t);
	mkdirSync(path.join(cwd, 'folder'));
	const {exitCode, stderr} = await zeoctl(t, ['-p', 'sleep 60', '-t', 'folder', 'start'], {cwd});
	t.is(exitCode, 1);
	t.regex(stderr, /cannot open the transcript ".*folder": it is a directory/);
	t.false(readdirSync(cwd).includes('zdsock'));
});
