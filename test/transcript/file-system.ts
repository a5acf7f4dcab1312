import {mkdirSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isLasting, knownFileSystem, probeFileSystem} from '../../src/transcript/file-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

// One after the other: what is known of a device is known to the whole process.
test.serial('what could not be tried is tried again', async t => {
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

test.serial(
	'a folder that has been deleted is answered for by the nearest one above it',
	async t => {
		const root = temporaryFolder(t);
		t.deepEqual(
			await knownFileSystem(path.join(root, 'gone', 'deep')),
			await probeFileSystem(root),
		);
	},
);

test('only what a file system or a policy forbids for good is a reason to rotate with a loss', t => {
	const lasting = [
		'fallocate: fallocate failed: Operation not supported',
		'fallocate: fallocate failed: Invalid argument',
		'fallocate: fallocate failed: Operation not permitted',
		'fallocate: spawn fallocate ENOENT',
	];
	const passing = [
		'fallocate: fallocate failed: No space left on device',
		'fallocate: fallocate failed: Interrupted system call',
		'fallocate: fallocate failed: Input/output error',
		'fallocate: spawn fallocate EAGAIN',
		'fallocate ended with status null',
	];
	t.deepEqual(lasting.filter(isLasting), lasting);
	t.deepEqual(passing.filter(isLasting), []);
});
