import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {claimRunDirectory, tryRunDirectory} from '../../src/control/run-directory.js';
import {skip} from '../helpers/python.js';
import {nobody} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const placeOf = (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	return {socket: path.join(folder, 'sock'), runDirectory: path.join(folder, '.sock.d')};
};

test('a run-state folder is made for its user alone, whatever the umask', t => {
	const {socket, runDirectory} = placeOf(t);
	claimRunDirectory(socket);
	t.is(statSync(runDirectory).mode & 0o7777, 0o700);
	t.notThrows(() => claimRunDirectory(socket));
});

for (const mode of [0o700, 0o755, 0o2750])
	test(`one that others may at most read is used as it is: mode ${mode.toString(8)}`, t => {
		const {socket, runDirectory} = placeOf(t);
		mkdirSync(runDirectory);
		chmodSync(runDirectory, mode);
		claimRunDirectory(socket);
		t.is(statSync(runDirectory).mode & 0o7777, mode);
	});

for (const mode of [0o770, 0o1777, 0o702])
	test(`one that others may write to is refused, with the command: mode ${mode.toString(8)}`, t => {
		const {socket, runDirectory} = placeOf(t);
		mkdirSync(runDirectory);
		chmodSync(runDirectory, mode);
		const error = t.throws(() => claimRunDirectory(socket), {
			message: `cannot use the control socket '${socket}': others may write to the folder for its run state, '${runDirectory}' (mode ${mode.toString(8)})`,
		});
		t.like(error, {code: 'SOCKET_UNUSABLE', hint: `chmod go-w ${runDirectory}`});
	});

test('a link in its place is refused, and what it leads to stays as it is', t => {
	const {socket, runDirectory} = placeOf(t);
	const elsewhere = temporaryFolder(t);
	symlinkSync(elsewhere, runDirectory);
	t.throws(() => claimRunDirectory(socket), {
		code: 'SOCKET_UNUSABLE',
		message: /: a symbolic link is in the place of the folder for its run state, /,
	});
	t.deepEqual(readdirSync(elsewhere), []);
	t.true(lstatSync(runDirectory).isSymbolicLink());
});

test('a file in its place is refused', t => {
	const {socket, runDirectory} = placeOf(t);
	writeFileSync(runDirectory, '');
	t.throws(() => claimRunDirectory(socket), {
		code: 'SOCKET_UNUSABLE',
		message: /: a file is in the place of the folder for its run state, /,
	});
});

test('whether one could be used is found out without making it', t => {
	const {socket, runDirectory} = placeOf(t);
	t.notThrows(() => tryRunDirectory(socket));
	t.false(existsSync(runDirectory));
	t.notThrows(() => tryRunDirectory(path.join(runDirectory, 'deeper', 'sock')));
	mkdirSync(runDirectory);
	chmodSync(runDirectory, 0o777);
	t.throws(() => tryRunDirectory(socket), {message: /others may write to/});
});

test('one of another user is refused, also to root, and another socket-name advised', t => {
	if (process.geteuid?.() !== 0) return skip(t, 'only root can make a folder of another user');
	const {socket, runDirectory} = placeOf(t);
	mkdirSync(runDirectory, {mode: 0o700});
	chownSync(runDirectory, nobody.uid, nobody.gid);
	const error = t.throws(() => claimRunDirectory(socket), {
		message: /, belongs to nobody \(mode 700\), this is root$/,
	});
	t.like(error, {
		code: 'SOCKET_UNUSABLE',
		asUser: undefined,
		hint: 'set socket-name in a folder that only root can write to',
	});
	chownSync(path.dirname(runDirectory), nobody.uid, nobody.gid);
	t.like(
		t.throws(() => claimRunDirectory(socket)),
		{code: 'SOCKET_UNUSABLE', asUser: 'nobody'},
	);
});
