import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {decodeFailure} from '../../src/program/failure.js';
import type {Failure} from '../../src/program/failure-kinds.js';
import {toLastExit} from '../helpers/failures.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {
	type Instance,
	makeInstance,
	run,
	runzeo,
	startServer,
	testWithZeo,
} from '../helpers/runzeo.js';
import {withoutCapabilities} from '../helpers/without-capabilities.js';

/** Lets the real server fail and decodes what it left behind. */
const fail = async (
	t: ExecutionContext,
	instance: Instance,
	command: readonly string[] = [runzeo, '-C', instance.confPath],
): Promise<Failure> => {
	const ended = await run(t, command).ended;
	t.not(ended.code, 0);
	return decodeFailure({
		exit: toLastExit(ended),
		output: ended.output,
		server: instance.server,
		argv: [runzeo, '-C', instance.confPath],
	});
};

testWithZeo('a port in use is decoded', async t => {
	const instance = await makeInstance(t);
	await startServer(t, instance);
	t.like(await fail(t, instance), {
		kind: 'address-in-use',
		subject: {address: {family: 'inet', host: '127.0.0.1', port: instance.port}},
	});
});

testWithZeo('a held lock is decoded', async t => {
	const instance = await makeInstance(t);
	await startServer(t, instance);
	const port = await findFreePort();
	const second = await makeInstance(t, {
		port,
		conf: `<zeo>\n address 127.0.0.1:{port}\n</zeo>\n<filestorage>\n path ${instance.folder}/Data.fs\n</filestorage>\n`,
	});
	t.like(await fail(t, second), {
		kind: 'lock-held',
		subject: {path: `${instance.folder}/Data.fs.lock`},
	});
});

/** A conf with the given lines inside its sections. */
const confWith = ({zeo = '', storage = '', more = ''}): string =>
	`<zeo>\n address 127.0.0.1:{port}\n${zeo}</zeo>\n<filestorage main>\n path {folder}/Data.fs\n${storage}</filestorage>\n${more}`;

const confs: Readonly<Record<string, readonly [string, (instance: Instance) => object]>> = {
	'a key that ZEO dropped': [
		confWith({zeo: ' monitor-address 8101\n'}),
		() => ({kind: 'unknown-key', subject: {key: 'monitor-address'}}),
	],
	'an unknown key of a storage': [
		confWith({storage: ' bogus 3\n'}),
		() => ({kind: 'unknown-key', subject: {key: 'bogus'}}),
	],
	'a missing folder': [
		confWith({storage: ' blob-dir {folder}/no/blobs\n'}),
		({folder, confPath}) => ({
			kind: 'missing-folder',
			subject: {path: `${folder}/no`, place: {file: confPath, line: 6}},
		}),
	],
	'a missing folder of a log': [
		confWith({
			more: '<eventlog>\n <logfile>\n  path {folder}/no/zeo.log\n </logfile>\n</eventlog>\n',
		}),
		({folder}) => ({kind: 'missing-file', subject: {path: `${folder}/no/zeo.log`}}),
	],
	'an unknown section': [
		confWith({more: '<relstorage>\n</relstorage>\n'}),
		({confPath}) => ({
			kind: 'configuration',
			subject: {place: {file: confPath, line: 7}},
			hint: 'write `%import relstorage` above the section',
		}),
	],
	'a package that is not installed': [
		confWith({more: '%import zc.nosuchpackage\n'}),
		() => ({kind: 'missing-module', subject: {module: 'zc.nosuchpackage'}}),
	],
	'a syntax error': [
		'<zeo>\n address 8100\n</zeo\n',
		({confPath}) => ({kind: 'configuration', subject: {place: {file: confPath, line: 3}}}),
	],
	'an address of another machine': [
		'<zeo>\n address 192.0.2.1:{port}\n</zeo>\n<filestorage>\n path {folder}/Data.fs\n</filestorage>\n',
		() => ({kind: 'address-not-local'}),
	],
	'a host that does not exist': [
		'<zeo>\n address no-such-host.invalid:{port}\n</zeo>\n<filestorage>\n path {folder}/Data.fs\n</filestorage>\n',
		() => ({kind: 'address-unknown'}),
	],
	'a certificate that does not exist': [
		confWith({
			zeo: ' <ssl>\n  certificate {folder}/no.pem\n  authenticate {folder}/no.pem\n </ssl>\n',
		}),
		() => ({kind: 'tls'}),
	],
	'a folder in place of a storage': [
		'<zeo>\n address 127.0.0.1:{port}\n</zeo>\n<filestorage>\n path {folder}\n</filestorage>\n',
		({folder}) => ({kind: 'configuration', subject: {path: folder}}),
	],
};

for (const [title, [conf, expect]] of Object.entries(confs)) {
	testWithZeo(`${title} is decoded`, async t => {
		const instance = await makeInstance(t, {conf});
		t.like(await fail(t, instance), expect(instance));
	});
}

testWithZeo('a missing folder of the socket is decoded', async t => {
	const {folder} = await makeInstance(t);
	const socket = path.join(folder, 'no', 'zeo.sock');
	const instance = await makeInstance(t, {
		conf: `<zeo>\n address ${socket}\n</zeo>\n<filestorage>\n path {folder}/Data.fs\n</filestorage>\n`,
		zeo: {address: {family: 'unix', path: socket}},
	});
	t.like(await fail(t, instance), {kind: 'missing-folder', subject: {path: path.dirname(socket)}});
});

testWithZeo('a file that is no certificate is decoded', async t => {
	const instance = await makeInstance(t, {
		conf: confWith({
			zeo: ' <ssl>\n  certificate {folder}/a.pem\n  authenticate {folder}/a.pem\n </ssl>\n',
		}),
	});
	await writeFile(path.join(instance.folder, 'a.pem'), 'no certificate\n');
	t.like(await fail(t, instance), {kind: 'tls'});
});

testWithZeo('a missing conf is decoded', async t => {
	const instance = await makeInstance(t);
	const none = path.join(instance.folder, 'none.conf');
	t.like(await fail(t, instance, [runzeo, '-C', none]), {
		kind: 'missing-file',
		subject: {path: none},
	});
});

testWithZeo('a wrong option is decoded', async t => {
	const instance = await makeInstance(t);
	t.like(await fail(t, instance, [runzeo, '--frob']), {kind: 'usage'});
	t.like(await fail(t, instance, [runzeo]), {kind: 'usage'});
});

/** A first transaction shorter than its own header, and a sane length at the end: ZODB does not cut that off. */
const damagedData = `FS30${'\0'.repeat(7)}\u0001${'\0'.repeat(7)}\u000a ${'\0'.repeat(200)}\u001e`;

for (const [title, content] of [
	['that is no FileStorage', 'this is some other file, not a database\n'],
	['with the head of Python 2', 'FS21'],
	['that was cut', 'FS'],
	['that is damaged behind its head', damagedData],
] as const) {
	testWithZeo(`a Data.fs ${title} is decoded`, async t => {
		const instance = await makeInstance(t);
		const data = path.join(instance.folder, 'Data.fs');
		await writeFile(data, content, 'latin1');
		t.like(await fail(t, instance), {kind: 'data-unreadable', subject: {path: data}});
	});
}

testWithZeo('a storage that the user may not write is decoded', async t => {
	const instance = await makeInstance(t, {
		conf: confWith({}).replace('Data.fs', 'locked/Data.fs'),
	});
	const locked = path.join(instance.folder, 'locked');
	await mkdir(locked);
	await chmod(locked, 0o555);
	t.teardown(() => chmod(locked, 0o755));
	const command = withoutCapabilities([runzeo, '-C', instance.confPath]);
	t.like(await fail(t, instance, command), {
		kind: 'permission',
		subject: {path: path.join(locked, 'Data.fs.lock')},
	});
});

testWithZeo('a conf that the user may not read is decoded', async t => {
	const instance = await makeInstance(t);
	await chmod(instance.confPath, 0o000);
	const command = withoutCapabilities([runzeo, '-C', instance.confPath]);
	t.like(await fail(t, instance, command), {
		kind: 'permission',
		subject: {path: instance.confPath},
	});
});

testWithZeo('limits of the process are decoded', async t => {
	const instance = await makeInstance(t);
	t.like(await fail(t, instance, ['prlimit', '--fsize=2', runzeo, '-C', instance.confPath]), {
		kind: 'resources',
		cause: 'a file reached the size limit of this process',
	});
});

testWithZeo('a server whose Python lacks ZEO is decoded', async t => {
	const instance = await makeInstance(t);
	t.like(await fail(t, instance, ['python3', '-S', '-I', runzeo]), {
		kind: 'missing-module',
		subject: {module: 'ZEO'},
	});
});

testWithZeo('a server that is killed while it starts is decoded', async t => {
	const instance = await makeInstance(t);
	const {child, ended} = run(t, [runzeo, '-C', instance.confPath]);
	child.kill('SIGKILL');
	const {signal, output} = await ended;
	const failure = decodeFailure({exit: toLastExit({signal}), output, argv: [runzeo]});
	t.is(failure.kind, 'killed');
});
