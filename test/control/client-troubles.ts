import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {connect} from '../../src/control/client.js';
import type {Reply} from '../../src/control/messages.js';
import {createControlServer} from '../../src/control/server.js';
import {explainRefusal} from '../../src/control/socket-trouble.js';
import {claimSocket} from '../../src/daemon/instance-lock.js';
import {readProcessStat} from '../../src/platform/process-stat.js';
import {fakeHandler} from '../helpers/control-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {withoutCapabilities} from '../helpers/without-capabilities.js';

const asker = {client: 'test'};
const build = path.resolve(import.meta.dirname, '../..');

const listenAt = async (t: ExecutionContext, address: string): Promise<void> => {
	const control = createControlServer({handler: fakeHandler().handler, version: '0.1.0'});
	t.teardown(() => control.close());
	control.server.listen(address);
	await once(control.server, 'listening');
};

// A process of its own that claims the socket and then does as the script says.
const spawnOwner = async (
	t: ExecutionContext,
	socketPath: string,
	script: string,
	name = 'zeoctl',
) => {
	const child = spawn(
		process.execPath,
		[
			'--input-type=module',
			'-e',
			`import net from 'node:net';
			const {claimSocket} = await import(${JSON.stringify(`${build}/src/daemon/instance-lock.js`)});
			const server = net.createServer({allowHalfOpen: true});
			await claimSocket({path: ${JSON.stringify(socketPath)}, mode: 0o700, server, note() {}});
			process.stdout.write('ready');
			${script}`,
			name,
		],
		{stdio: ['ignore', 'pipe', 'inherit']},
	);
	t.teardown(() => child.kill('SIGKILL'));
	await once(child.stdout, 'data');
	return child;
};

test('no file at the path is absence', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	t.deepEqual(await connect({socketPath, asker}), {contact: 'absent'});
});

test('a socket file without a listener is stale', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const child = await spawnOwner(t, socketPath, '');
	child.kill('SIGKILL');
	await once(child, 'exit');
	t.deepEqual(await connect({socketPath, asker}), {contact: 'stale'});
});

/** Ends a process while nothing else happens here. */
const killAtOnce = (pid: number): void => {
	process.kill(pid, 'SIGKILL');
	const pause = new Int32Array(new SharedArrayBuffer(4));
	while (readProcessStat(pid)?.state !== 'Z') Atomics.wait(pause, 0, 0, 5);
};

test('a supervisor that is killed before it takes the connection leaves a stale socket, no trouble', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const child = await spawnOwner(t, socketPath, '');
	child.kill('SIGSTOP');
	const contact = connect({socketPath, asker});
	killAtOnce(child.pid ?? 0);
	t.deepEqual(await contact, {contact: 'stale'});
});

test('a missing folder is named', async t => {
	const folder = path.join(temporaryFolder(t), 'run');
	await t.throwsAsync(connect({socketPath: `${folder}/zdsock`, asker}), {
		code: 'SOCKET_UNUSABLE',
		message: `cannot use the control socket '${folder}/zdsock': its folder '${folder}' does not exist`,
	});
});

const isNoSocket = (kind: string, make: (path: string) => void) =>
	test(`a ${kind} in place of the socket is named`, async t => {
		const socketPath = path.join(temporaryFolder(t), 'zdsock');
		make(socketPath);
		await t.throwsAsync(connect({socketPath, asker}), {
			code: 'SOCKET_UNUSABLE',
			message: `cannot use the control socket '${socketPath}': a ${kind} is in its place`,
		});
	});

isNoSocket('file', socketPath => writeFileSync(socketPath, ''));
isNoSocket('folder', socketPath => mkdirSync(socketPath));

test('a file that the caller may not write to is still no socket', t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	writeFileSync(socketPath, '');
	t.throws(() => explainRefusal(socketPath, 'EACCES'), {
		code: 'SOCKET_UNUSABLE',
		message: `cannot use the control socket '${socketPath}': a file is in its place`,
	});
});

test('a folder that is a file is named', async t => {
	const file = path.join(temporaryFolder(t), 'run');
	writeFileSync(file, '');
	await t.throwsAsync(connect({socketPath: `${file}/zdsock`, asker}), {
		code: 'SOCKET_UNUSABLE',
		message: /is not a folder/,
	});
});

test('a socket is reached through a symbolic link', async t => {
	const folder = temporaryFolder(t);
	await listenAt(t, `${folder}/real`);
	symlinkSync('real', `${folder}/zdsock`);
	const contact = await connect({socketPath: `${folder}/zdsock`, asker});
	t.is(contact.contact, 'session');
	if (contact.contact === 'session') contact.session.close();
});

test('a path longer than a socket address is reached through its folder', async t => {
	const folder = path.join(temporaryFolder(t), 'x'.repeat(60), 'y'.repeat(60));
	mkdirSync(folder, {recursive: true});
	const socketPath = path.join(folder, 'zdsock');
	t.deepEqual(await connect({socketPath, asker}), {contact: 'absent'});
	const control = createControlServer({handler: fakeHandler().handler, version: '0.1.0'});
	const claim = await claimSocket({
		path: socketPath,
		mode: 0o700,
		server: control.server,
		note: text => t.fail(text),
	});
	const contact = await connect({socketPath, asker});
	t.is(contact.contact, 'session');
	if (contact.contact === 'session') t.is((await contact.session.status()).pid, 9356);
	claim.release();
	await control.close();
	t.deepEqual(await connect({socketPath, asker}), {contact: 'absent'});
});

test('a name longer than a socket address is refused', async t => {
	const socketPath = path.join(temporaryFolder(t), 'n'.repeat(110));
	await t.throwsAsync(connect({socketPath, asker}), {
		code: 'SOCKET_UNUSABLE',
		message: /its name is longer than a socket address allows/,
	});
});

test('defect 3: a denied permission is not absence, and names the owner', async t => {
	const folder = temporaryFolder(t);
	const socketPath = path.join(folder, 'zdsock');
	await listenAt(t, socketPath);
	chmodSync(socketPath, 0o000);
	const error = await failingConnect(t, socketPath);
	t.is(error.code, 'PERMISSION');
	t.regex(error.message, /^cannot use the control socket '.*': it belongs to \w+, this is \w+$/);
	t.regex(error.asUser, /^\w+$/);
	chmodSync(folder, 0o000);
	const hidden = await failingConnect(t, socketPath);
	chmodSync(folder, 0o700);
	t.is(hidden.code, 'PERMISSION');
	t.regex(hidden.message, /: the folder '.*' belongs to \w+, this is \w+$/);
});

// In a process without root's power over file modes.
const failingConnect = async (
	t: ExecutionContext,
	socketPath: string,
): Promise<{code: string; message: string; hint: string; asUser: string}> => {
	const script = `const {connect} = await import(${JSON.stringify(`${build}/src/control/client.js`)});
		const error = await connect({socketPath: ${JSON.stringify(socketPath)}, asker: {client: 'test'}}).then(String, error => error);
		console.log(JSON.stringify({code: error.code, message: error.message, hint: error.hint, asUser: error.asUser}));`;
	const [file = '', ...words] = withoutCapabilities([
		process.execPath,
		'--input-type=module',
		'-e',
		script,
	]);
	const child = spawn(file, words, {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(() => child.kill('SIGKILL'));
	let text = '';
	for await (const chunk of child.stdout) text += chunk;
	return JSON.parse(text);
};

test('defect 7: a supervisor that accepts and says nothing is hung, and found', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const child = await spawnOwner(t, socketPath, "server.on('connection', () => {});");
	await t.throwsAsync(connect({socketPath, asker, timeoutMs: 200}), {
		code: 'SUPERVISOR_HUNG',
		message: `cannot get an answer at '${socketPath}' within 0.2 s: its process ${child.pid} accepts connections and does not reply`,
	});
	child.kill('SIGSTOP');
	const error = await connect({socketPath, asker, timeoutMs: 200}).catch(thrown => thrown);
	t.regex(error.message, new RegExp(`its process ${child.pid} is stopped by a signal`));
	t.is(error.hint, `kill -CONT ${child.pid}`);
});

test('another program at the socket is named, and not to be killed unseen', async t => {
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	const script = "process.title = 'mysqld'; server.on('connection', () => {});";
	const child = await spawnOwner(t, socketPath, script, 'mysqld');
	const error = await connect({socketPath, asker, timeoutMs: 200}).catch(thrown => thrown);
	t.true(
		error.message.endsWith(
			`its process ${child.pid} ("mysqld") accepts connections and does not reply, and is no supervisor by its command`,
		),
		error.message,
	);
	t.is(error.hint, `ps -fp ${child.pid}`);
});

test('a session notices a supervisor that stops answering', async t => {
	const {handler} = fakeHandler(request =>
		request.request === 'stop' ? new Promise(() => undefined) : undefined,
	);
	const control = createControlServer({handler, version: '0.1.0', limits: {closeMs: 20}});
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	t.teardown(() => control.close());
	control.server.listen(socketPath);
	const contact = await connect({socketPath, asker, timeoutMs: 200});
	if (contact.contact !== 'session') return t.fail();
	t.teardown(() => contact.session.close());
	await t.throwsAsync(contact.session.ask({request: 'stop'}), {
		code: 'SUPERVISOR_HUNG',
		message: new RegExp(`its process ${process.pid} `),
	});
});

/** A session with a supervisor that does not say when a transcript is reopened. */
const sessionDuringReopen = async (t: ExecutionContext, answersStatus: () => boolean) => {
	let answer: (reply: Reply) => void = () => t.fail();
	const {handler} = fakeHandler(request => {
		if (request.request === 'status' && answersStatus()) return undefined;
		return new Promise(resolve => {
			answer = resolve;
		});
	});
	const control = createControlServer({handler, version: '0.1.0', limits: {closeMs: 20}});
	const socketPath = path.join(temporaryFolder(t), 'zdsock');
	t.teardown(() => control.close());
	control.server.listen(socketPath);
	const contact = await connect({socketPath, asker, timeoutMs: 1000});
	if (contact.contact !== 'session') throw new Error(contact.contact);
	t.teardown(() => contact.session.close());
	return {session: contact.session, answer: (reply: Reply) => answer(reply)};
};

test('a session waits for a large transcript as long as the supervisor answers anything', async t => {
	const {session, answer} = await sessionDuringReopen(t, () => true);
	const reopened = session.ask({request: 'reopen-transcript'});
	await sleep(2500);
	answer({reply: 'reopened', confirmed: true});
	t.deepEqual(await reopened, {reply: 'reopened', confirmed: true});
});

test('but not longer', async t => {
	let asked = 0;
	const {session} = await sessionDuringReopen(t, () => {
		asked += 1;
		return asked < 3;
	});
	await t.throwsAsync(session.ask({request: 'reopen-transcript'}), {
		code: 'SUPERVISOR_HUNG',
		message: new RegExp(`its process ${process.pid} `),
	});
	t.is(asked, 3);
});
