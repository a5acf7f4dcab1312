import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {isZeoctlError} from '../../src/platform/errors.js';
import {openTranscript} from '../../src/transcript/direct.js';
import {openFolder} from '../helpers/transcript.js';

const openAndClose = (file: string, umask = 0o022) => {
	const descriptor = openTranscript({path: file, umask});
	fs.writeSync(descriptor, 'line\n');
	fs.closeSync(descriptor);
};

const createsWithMode = (t: ExecutionContext, umask: number, mode: number) => {
	const {log} = openFolder(t);
	openAndClose(log, umask);
	t.is(fs.statSync(log).mode & 0o777, mode);
};

test('a new transcript is never readable by the world', createsWithMode, 0, 0o640);
test(
	'a new transcript is readable by the group under the usual umask',
	createsWithMode,
	0o022,
	0o640,
);
test('a new transcript obeys a strict umask', createsWithMode, 0o077, 0o600);

test('an existing transcript is appended to and keeps its mode', t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'old\n');
	fs.chmodSync(log, 0o644);
	openAndClose(log);
	t.is(fs.readFileSync(log, 'utf8'), 'old\nline\n');
	t.is(fs.statSync(log).mode & 0o777, 0o644);
});

test('a symbolic link is followed, also to a file that does not exist yet', t => {
	const {folder, log} = openFolder(t);
	fs.symlinkSync(path.join(folder, 'target'), log);
	openAndClose(log);
	openAndClose(log);
	t.is(fs.readFileSync(path.join(folder, 'target'), 'utf8'), 'line\nline\n');
	t.is(fs.statSync(log).mode & 0o777, 0o640);
});

test('a device is taken as it is', t => {
	t.notThrows(() => openAndClose('/dev/null'));
});

test('a FIFO without a reader does not block', t => {
	const {log} = openFolder(t);
	execFileSync('mkfifo', [log]);
	t.notThrows(() => openAndClose(log));
});

const isRefused = (t: ExecutionContext, file: string, reason: RegExp) => {
	const error = t.throws(() => openTranscript({path: file, umask: 0o022}));
	t.true(isZeoctlError(error) && error.code === 'TRANSCRIPT');
	t.regex(String(error?.message), reason);
	t.true(error?.message.startsWith(`cannot open the transcript "${file}": `));
};

test('a directory is refused', t => isRefused(t, openFolder(t).folder, /it is a directory$/));

test('a transcript that cannot be made leads to its folder, not to a file that is not there', t => {
	const folder = path.join(openFolder(t).folder, 'the logs');
	fs.mkdirSync(folder);
	const error = t.throws(() =>
		openTranscript({path: path.join(folder, 'n'.repeat(300)), umask: 0o022}),
	);
	t.like(error, {hint: `ls -ld '${folder}'`});
});

test('a missing folder is refused and named', t => {
	const {folder} = openFolder(t);
	isRefused(t, path.join(folder, 'no', 'out.log'), /the folder ".*\/no" does not exist$/);
});

test('a socket is refused', async t => {
	const {folder} = openFolder(t);
	const file = path.join(folder, 'socket');
	const server = net.createServer();
	await new Promise<void>(resolve => server.listen(file, resolve));
	t.teardown(() => server.close());
	isRefused(t, file, /it is a socket$/);
});

test('a path through a file is refused', t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, '');
	isRefused(t, path.join(log, 'out.log'), /a part of its path is not a directory$/);
});

test('a loop of links is refused', t => {
	const {log} = openFolder(t);
	fs.symlinkSync(log, log);
	isRefused(t, log, /too many symbolic links$/);
});

test('a file that may not be written is refused', t => {
	const {folder, log} = openFolder(t);
	fs.writeFileSync(log, '', {mode: 0o444});
	fs.chmodSync(folder, 0o755);
	const isRoot = process.getuid?.() === 0;
	if (isRoot) process.seteuid?.(65_534);
	try {
		isRefused(t, log, /permission denied$/);
	} finally {
		if (isRoot) process.seteuid?.(0);
	}
});
