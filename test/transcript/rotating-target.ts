import fs from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {openRotatingTarget} from '../../src/transcript/rotating-target.js';
import {openFolder} from '../helpers/transcript.js';

const open = async (t: ExecutionContext, before: (log: string) => void = () => undefined) => {
	const {runDirectory, log} = openFolder(t);
	before(log);
	const target = await openRotatingTarget({
		path: log,
		descriptor: openTranscript({path: log, umask: 0o022}),
		runDirectory,
		limits: {maxSize: 1e9, oldFiles: 1000, totalSize: 1e9, compress: false},
		isOurs: () => true,
		onRotated: () => undefined,
		onProblem: () => undefined,
	});
	t.teardown(() => target.close());
	return {target, log, moved: `${log}-moved`};
};

const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('a log that is reopened in the middle of a line gets the rest of the line first', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('one\ntw')]);
	fs.renameSync(log, moved);
	const reopening = Promise.all([target.reopen(), target.reopen()]);
	t.deepEqual(await target.write([Buffer.from('o')]), {written: 1});
	t.deepEqual(await target.write([Buffer.from('-'), Buffer.from('-\nthree\n')]), {written: 3});
	t.deepEqual(await reopening, [{wasMoved: true}, {wasMoved: false}]);
	t.deepEqual(await target.write([Buffer.from('three\n')]), {written: 6});
	t.is(read(moved), 'one\ntwo--\n');
	t.is(read(log), 'three\n');
});

test('a line that does not end does not hold up a reopen', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('Password: ')]);
	fs.renameSync(log, moved);
	t.deepEqual(await target.reopen(), {wasMoved: true});
	await target.write([Buffer.from('three\n')]);
	t.is(read(moved), 'Password: ');
	t.is(read(log), 'three\n');
});

test('a log in its place is reopened at once, also in the middle of a line', async t => {
	const {target, log} = await open(t);
	await target.write([Buffer.from('tw')]);
	t.deepEqual(await target.reopen(), {wasMoved: false});
	await target.write([Buffer.from('o\n')]);
	t.is(read(log), 'two\n');
});

test('a folder that is gone is told by a reopen in the middle of a line', async t => {
	const {target, log, moved} = await open(t);
	await target.write([Buffer.from('tw')]);
	fs.renameSync(log, moved);
	fs.mkdirSync(log);
	t.deepEqual(await target.reopen(), {
		wasMoved: true,
		refusal: 'there is a directory in its place',
	});
	await target.write([Buffer.from('o\n')]);
	t.is(read(moved), 'two\n');
});

test('a link in the place of the log is not followed, one that was there from the beginning is', async t => {
	const {target, log} = await open(t);
	fs.writeFileSync(`${log}-other`, 'of somebody\n');
	fs.renameSync(log, `${log}-moved`);
	fs.symlinkSync(`${log}-other`, log);
	t.deepEqual(await target.reopen(), {
		wasMoved: true,
		refusal: 'there is a symbolic link in its place',
	});
	await target.write([Buffer.from('one\n')]);
	t.is(read(`${log}-moved`), 'one\n');
	t.is(read(`${log}-other`), 'of somebody\n');

	const linked = await open(t, log => fs.symlinkSync(`${log}-real`, log));
	await linked.target.write([Buffer.from('one\n')]);
	fs.renameSync(`${linked.log}-real`, `${linked.log}-moved`);
	t.deepEqual(await linked.target.reopen(), {wasMoved: true});
	await linked.target.write([Buffer.from('two\n')]);
	t.is(read(`${linked.log}-real`), 'two\n');
});
