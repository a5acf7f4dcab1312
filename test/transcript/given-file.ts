import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {noteGiven, openGiven} from '../../src/transcript/given-file.js';
import {openFolder, startWriter, waitFor} from '../helpers/transcript.js';

const writing = async (t: ExecutionContext) => {
	const place = openFolder(t);
	const descriptor = openTranscript({path: place.log, umask: 0o022});
	t.teardown(() => fs.closeSync(descriptor));
	const {pid} = startWriter(t, {descriptor, args: ['100', '1']});
	await waitFor('output', () => fs.fstatSync(descriptor).size > 0);
	return {...place, descriptor, pid};
};

const openedIn = (t: ExecutionContext, runDirectory: string, pid: number): number | undefined => {
	const opened = openGiven(runDirectory, pid);
	if (opened !== undefined) t.teardown(() => fs.closeSync(opened));
	return opened;
};

test('the file that a program was given is found under any name', async t => {
	const {folder, runDirectory, log, descriptor, pid} = await writing(t);
	noteGiven(runDirectory, descriptor);
	const inode = fs.fstatSync(descriptor).ino;
	fs.renameSync(log, path.join(folder, 'moved'));
	const renamed = openedIn(t, runDirectory, pid) ?? t.fail();
	t.is(fs.fstatSync(Number(renamed)).ino, inode);
	fs.rmSync(path.join(folder, 'moved'));
	const deleted = openedIn(t, runDirectory, pid) ?? t.fail();
	t.like(fs.fstatSync(Number(deleted)), {ino: inode, nlink: 0});
});

test('what is written to it comes after what the program has written', async t => {
	const {runDirectory, descriptor, log, pid} = await writing(t);
	noteGiven(runDirectory, descriptor);
	const opened = Number(openedIn(t, runDirectory, pid));
	const {size} = fs.statSync(log);
	fs.writeSync(opened, 'ours\n');
	t.true(fs.readFileSync(log, 'latin1').lastIndexOf('ours\n') >= size);
});

test('a file that the program has opened itself is not taken for the one it was given', async t => {
	const {runDirectory, folder, pid} = await writing(t);
	const other = fs.openSync(path.join(folder, 'other'), 'a');
	noteGiven(runDirectory, other);
	fs.closeSync(other);
	t.is(openedIn(t, runDirectory, pid), undefined);
});

test('without a note, without the program and for a device there is none', async t => {
	const {runDirectory, descriptor, pid} = await writing(t);
	t.is(openedIn(t, runDirectory, pid), undefined);
	const device = fs.openSync('/dev/null', 'a');
	t.teardown(() => fs.closeSync(device));
	const silent = startWriter(t, {descriptor: device});
	noteGiven(runDirectory, device);
	t.is(openedIn(t, runDirectory, silent.pid), undefined);
	noteGiven(runDirectory, descriptor);
	t.is(openedIn(t, runDirectory, 2 ** 22 + 1), undefined);
});
