import {execFileSync} from 'node:child_process';
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {describeAccess} from '../../src/cli/describe-access.js';
import {makeFolder} from '../helpers/fake-zeo.js';

const me = execFileSync('id', ['-un']).toString().trim();

test('a file of somebody else is told with its owner and mode, and given over', async t => {
	const file = path.join(await makeFolder(t), "it's.fs");
	await writeFile(file, '');
	await chmod(file, 0o640);
	t.deepEqual(describeAccess(file, {user: 'zope', isRoot: false}), {
		detail: `${file} belongs to ${me} with mode 0640; the program runs as zope`,
		next: `sudo chown zope '${file.replace("'", "'\\''")}'`,
	});
	t.regex(describeAccess(file, {user: 'zope', isRoot: true}).next, /^chown zope /);
});

test('a file that does not exist is a matter of its folder', async t => {
	const folder = path.join(await makeFolder(t), 'var');
	await mkdir(folder);
	await chmod(folder, 0o555);
	t.deepEqual(describeAccess(path.join(folder, 'no', 'Data.fs'), {user: me, isRoot: true}), {
		detail: `the folder ${folder} belongs to ${me} with mode 0555; the program runs as ${me}`,
		next: `chmod u+rwx ${folder}`,
	});
});
