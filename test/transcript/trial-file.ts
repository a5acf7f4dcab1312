import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createTrialFile} from '../../src/transcript/trial-file.js';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a trial leaves no trace', async t => {
	const folder = temporaryFolder(t);
	const file = createTrialFile(folder);
	t.deepEqual(await file.write(), {trial: 'written'});
	t.deepEqual(await file.write(), {trial: 'written'});
	t.deepEqual(fs.readdirSync(folder), []);
	file.close();
	t.deepEqual(await file.write(), {trial: 'untried'});
});

test('a full disk refuses, before and after the file for it is there, and takes no room itself', async t => {
	const disk = tinyFileSystem(t);
	if (disk === undefined) return;
	const file = createTrialFile(disk);
	t.deepEqual(await file.write(), {trial: 'written'});
	const release = fillUp(disk);
	const refused = {trial: 'refused', what: 'write', failure: 'the disk is full'};
	t.deepEqual(await file.write(), refused);
	t.deepEqual(await file.write(), refused);
	release();
	t.deepEqual(await file.write(), {trial: 'written'});
	file.close();
});

test('a folder that is not there says nothing about a disk', async t => {
	const folder = temporaryFolder(t);
	const file = createTrialFile(path.join(folder, 'missing'));
	t.deepEqual(await file.write(), {trial: 'untried'});
	fs.mkdirSync(path.join(folder, 'missing'));
	t.deepEqual(await file.write(), {trial: 'written'});
	file.close();
});
