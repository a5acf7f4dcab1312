import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {explainFailure} from '../../src/cli/explain-failure.js';
import {settingsFor, toLastExit} from '../helpers/failures.js';
import {findFreePort, makeFolder} from '../helpers/fake-zeo.js';
import {
	type Instance,
	makeInstance,
	run,
	runzeo,
	startServer,
	testWithZeo,
} from '../helpers/runzeo.js';
import {withoutCapabilities} from '../helpers/without-capabilities.js';

/** Lets the real server fail and explains it. */
const explain = async (
	t: ExecutionContext,
	instance: Instance,
	{command, user}: {readonly command?: readonly string[]; readonly user?: string} = {},
): Promise<readonly string[]> => {
	const program = [runzeo, '-C', instance.confPath];
	const ended = await run(t, command ?? program).ended;
	return explainFailure({
		settings: settingsFor(program, {...(user && {user})}),
		command: ['zeoctl', '-C', '/srv/my zdaemon.conf'],
		server: instance.server,
		lastExit: toLastExit(ended),
		lastOutput: ended.output,
	});
};

testWithZeo('a port in use is explained with who has it and what was printed', async t => {
	const instance = await makeInstance(t);
	const {pid} = await startServer(t, instance);
	const [cause, holder = '', ...rest] = await explain(t, instance);
	t.is(cause, `the address 127.0.0.1:${instance.port} is already in use`);
	t.regex(
		holder,
		new RegExp(`^ {2}held by process ${pid} of user \\S+, running for \\d+ \\w+: .*runzeo`),
	);
	t.deepEqual(rest, [
		'the last that the program printed (exit status 2):',
		`  Error: address ('127.0.0.1', ${instance.port}) already in use`,
		`  For help, use ${runzeo} -h`,
		`next: stop it where it was started; if nobody knows where: kill ${pid}`,
	]);
});

testWithZeo('a port in use by a stranger is explained too', async t => {
	const instance = await makeInstance(t);
	const script = `require('net').createServer().listen(${instance.port}, '127.0.0.1', () => console.log('ready'))`;
	const other = run(t, [process.execPath, '-e', script]);
	await new Promise(resolve => other.child.stdout?.once('data', resolve));
	const [, holder = ''] = await explain(t, instance);
	t.true(holder.includes(`held by process ${other.pid} `), holder);
});

testWithZeo('a socket in use is explained with who has it', async t => {
	const {folder} = await makeInstance(t);
	const socket = path.join(folder, 'zeo.sock');
	const instance = await makeInstance(t, {
		conf: `<zeo>\n address ${socket}\n</zeo>\n<filestorage main>\n path {folder}/Data.fs\n</filestorage>\n`,
		zeo: {address: {family: 'unix', path: socket}},
	});
	const {pid} = await startServer(t, instance);
	const [cause, holder = ''] = await explain(t, instance);
	t.is(cause, `the address ${socket} is already in use`);
	t.true(holder.includes(`held by process ${pid} `), holder);
});

testWithZeo('a held lock is explained with who holds it', async t => {
	const instance = await makeInstance(t);
	const {pid} = await startServer(t, instance);
	const second = await makeInstance(t, {
		port: await findFreePort(),
		conf: `<zeo>\n address 127.0.0.1:{port}\n</zeo>\n<filestorage>\n path ${instance.folder}/Data.fs\n</filestorage>\n`,
	});
	const lines = await explain(t, second);
	t.regex(lines[0] ?? '', /Data\.fs is in use by another process/);
	t.true(lines[1]?.includes(`held by process ${pid} `), lines[1]);
	t.is(lines.at(-1), `next: stop it where it was started; if nobody knows where: kill ${pid}`);
	t.true(
		lines.includes(`  zc.lockfile.LockError: Couldn't lock '${instance.folder}/Data.fs.lock'`),
	);
});

testWithZeo('a dropped key is explained with its line', async t => {
	const instance = await makeInstance(t, {
		conf: '<zeo>\n address 127.0.0.1:{port}\n monitor-address 8101\n</zeo>\n<filestorage>\n path {folder}/Data.fs\n</filestorage>\n',
	});
	const lines = await explain(t, instance);
	t.is(lines[0], "the key 'monitor-address' is not known to ZEO 5 and later");
	t.is(lines[1], `  it stands in ${instance.confPath}:3`);
	t.is(
		lines.at(-1),
		"next: remove the line; `zeoctl migrate` makes a <monitor> section of it, then: zeoctl -C '/srv/my zdaemon.conf' check",
	);
});

testWithZeo('a folder that may not be written is explained with its owner', async t => {
	const instance = await makeInstance(t, {
		conf: '<zeo>\n address 127.0.0.1:{port}\n</zeo>\n<filestorage>\n path {folder}/locked/Data.fs\n</filestorage>\n',
	});
	const locked = path.join(instance.folder, 'locked');
	await mkdir(locked);
	await chmod(locked, 0o555);
	t.teardown(() => chmod(locked, 0o755));
	const command = withoutCapabilities([runzeo, '-C', instance.confPath]);
	const lines = await explain(t, instance, {command, user: 'zope'});
	t.is(lines[0], `the program may not use ${locked}/Data.fs.lock`);
	t.regex(
		lines[1] ?? '',
		/the folder .*locked belongs to \S+ with mode 0555; the program runs as zope/,
	);
	t.regex(lines.at(-1) ?? '', /^next: (?:sudo )?chown zope .*\/locked$/);
});

for (const [content, detail] of [
	['FS21', /written under Python 2/],
	['GIF89a', /begin like a FileStorage \(FS30\), but with "GIF8"/],
] as const) {
	testWithZeo(`a storage that begins with ${content} is explained by that`, async t => {
		const instance = await makeInstance(t);
		await writeFile(path.join(instance.folder, 'Data.fs'), content);
		const lines = await explain(t, instance);
		t.regex(lines[0] ?? '', /Data\.fs cannot be read as a FileStorage$/);
		t.regex(lines[1] ?? '', detail);
	});
}

testWithZeo('a missing certificate is named', async t => {
	const certificate = path.join(await makeFolder(t), 'server.pem');
	const tls = {certificate, key: undefined, authenticate: 'DYNAMIC'};
	const instance = await makeInstance(t, {
		conf: `<zeo>\n address 127.0.0.1:{port}\n <ssl>\n  certificate ${certificate}\n  authenticate DYNAMIC\n </ssl>\n</zeo>\n<filestorage main>\n path {folder}/Data.fs\n</filestorage>\n`,
		zeo: {tls},
	});
	const lines = await explain(t, instance);
	t.is(lines[0], 'the <ssl> section cannot be used: a file that it names does not exist');
	t.is(lines[1], `  ${certificate} does not exist`);
});

testWithZeo('a missing folder is made by a command for the user of the program', async t => {
	const instance = await makeInstance(t, {
		conf: '<zeo>\n address 127.0.0.1:{port}\n</zeo>\n<filestorage>\n path {folder}/no/Data.fs\n</filestorage>\n',
	});
	const lines = await explain(t, instance, {user: 'zope'});
	const folder = path.join(instance.folder, 'no');
	t.is(
		lines.at(-1),
		`next: ${process.getuid?.() === 0 ? '' : 'sudo '}install -d -o zope ${folder}`,
	);
});

test('a program that does not exist is named without a word of it', async t => {
	const lines = await explainFailure({
		settings: settingsFor(['/nonexistent/bin/runzeo']),
		command: ['zeoctl'],
		server: undefined,
		lastExit: toLastExit({code: 127}),
		lastOutput: [],
	});
	t.deepEqual(lines, [
		'the program /nonexistent/bin/runzeo does not exist',
		'the program printed nothing (exit status 127)',
		'next: ls /nonexistent/bin',
	]);
});

test('a relative program is explained in the folder of the caller, whatever its directory', async t => {
	const folder = await makeFolder(t);
	await writeFile(path.join(folder, 'serve'), '#!/nonexistent/python\n', {mode: 0o755});
	const program = path.relative('.', path.join(folder, 'serve'));
	const [cause] = await explainFailure({
		settings: settingsFor([program], {directory: '/'}),
		command: ['zeoctl'],
		server: undefined,
		lastExit: toLastExit({code: 127}),
		lastOutput: [],
	});
	t.is(cause, `the interpreter /nonexistent/python of ${program} does not exist`);
});

test('a program that is not ready yet is no failure of its own', async t => {
	const lines = await explainFailure({
		settings: settingsFor(['/bin/sleep', '60']),
		command: ['zeoctl', '-C', '/etc/zeo.conf'],
		server: undefined,
		lastExit: null,
		lastOutput: ['still working'],
	});
	t.deepEqual(lines, [
		'the program runs, but it is not ready yet',
		'the last that the program printed:',
		'  still working',
		'next: zeoctl -C /etc/zeo.conf status',
	]);
});

test('only the last lines are shown, and none of them reaches the terminal raw', async t => {
	const lines = await explainFailure({
		settings: settingsFor(['/bin/false']),
		command: ['zeoctl', '-p', 'false', '-b1'],
		server: undefined,
		lastExit: toLastExit({code: 1}),
		lastOutput: [
			...Array.from({length: 50}, (_, index) => `line ${index}`),
			'',
			'  File "x", line 1, in y',
			'ValueError: \u001b]0;owned\u0007\u001b[31mred\u001b[0m\rgone',
		],
	});
	t.is(lines[0], 'the program failed: ValueError: red\\x0dgone');
	t.is(lines.filter(line => line.startsWith('  line ')).length, 8);
	t.false(lines.some(line => /\p{Cc}/u.test(line)));
	t.is(lines.at(-1), 'next: zeoctl -p false -b1 foreground');
});
