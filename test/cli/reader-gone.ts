import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {watchReader} from '../../src/cli/reader-gone.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

/** Both ends of a pipe, and our children that have it open. */
const openPipe = (t: ExecutionContext) => {
	const file = path.join(temporaryFolder(t), 'pipe');
	execFileSync('mkfifo', [file]);
	const reader = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
	const writer = fs.openSync(file, 'w');
	t.teardown(() => fs.closeSync(writer));
	const helpers = () => childrenOf(process.pid).filter(pid => linkOf(pid, 3) === file);
	return {reader, writer, helpers};
};

const childrenOf = (pid: number): readonly number[] =>
	fs
		.readdirSync(`/proc/${pid}/task`)
		.flatMap(task => fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' '))
		.filter(Boolean)
		.map(Number);

const linkOf = (pid: number, descriptor: number): string => {
	try {
		return fs.readlinkSync(`/proc/${pid}/fd/${descriptor}`);
	} catch {
		return '';
	}
};

test.serial('the departure of the last reader is noticed without a write', async t => {
	const {reader, writer, helpers} = openPipe(t);
	let isGone = false;
	watchReader(writer, () => {
		isGone = true;
	});
	await waitFor('the helper', () => helpers().length === 1);
	t.false(isGone);
	fs.closeSync(reader);
	await waitFor('the departure', () => isGone);
	t.deepEqual(helpers(), []);
});

test.serial('a reader that had left before is missed as well', async t => {
	const {reader, writer} = openPipe(t);
	fs.closeSync(reader);
	await new Promise<void>(resolve => {
		watchReader(writer, resolve);
	});
	t.pass();
});

test.serial('who does not care any more hears nothing, and the helper ends', async t => {
	const {reader, writer, helpers} = openPipe(t);
	const ignore = watchReader(writer, () => t.fail());
	await waitFor('the helper', () => helpers().length === 1);
	ignore();
	fs.closeSync(reader);
	await waitFor('its end', () => helpers().length === 0);
	t.pass();
});

test.serial('nothing is started for what is no pipe', t => {
	const before = childrenOf(process.pid);
	const file = fs.openSync('/dev/null', 'w');
	watchReader(file, () => t.fail())();
	fs.closeSync(file);
	t.deepEqual(childrenOf(process.pid), before);
});
