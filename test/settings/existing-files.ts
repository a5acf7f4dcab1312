import test from 'ava';
import {checkConfiguration} from '../../src/settings/check.js';
import {nodeFileSystem} from '../../src/settings/file-system.js';
import {loadSettings} from '../../src/settings/load.js';
import {readConfiguration, readTree} from '../../src/settings/read-configuration.js';
import {resolveServer} from '../../src/settings/server.js';
import {type Corpus, configurationCorpus} from '../helpers/configuration-corpus.js';

const load = (corpus: Corpus, name: string) => {
	const file = corpus.files.find(file => file.name === name);
	if (!file) throw new Error(`no ${name} in the corpus`);
	const {environment, root} = corpus;
	const settings = loadSettings({overrides: {configFile: file.file}, environment, cwd: '/'});
	return {settings, root, ...resolveServer(settings, {environment, cwd: '/'})};
};

test('a zeo.conf of plone.recipe.zeoserver loads unchanged', t => {
	const {settings, server, problems, root} = load(configurationCorpus(t), 'plone-zeoserver.conf');
	t.is(settings.form, 'zeoctl');
	t.like(settings.runner, {
		program: [`${root}/parts/zeoserver/bin/runzeo`],
		socketName: `${root}/var/zeo.zdsock`,
		directory: `${root}/parts/zeoserver`,
		logfile: `${root}/var/log/zeoserver.log`,
		backoffLimit: 10,
		forever: false,
		exitCodes: [0, 2],
	});
	t.like(settings.eventLog?.handlers[0], {
		type: 'logfile',
		path: `${root}/var/log/zeoserver.log`,
		format: '%(asctime)s %(message)s',
	});
	t.deepEqual(problems, []);
	t.like(server?.zeo, {
		address: {family: 'inet', host: '127.0.0.1', port: 8100},
		pidFilename: `${root}/var/zeoserver.pid`,
	});
	t.like(server?.storages[0], {
		name: '1',
		path: `${root}/var/filestorage/Data.fs`,
		blobDirectory: `${root}/var/blobstorage`,
	});
});

test('a zeo.conf of mkzeoinstance loads unchanged', t => {
	const {settings, server, root} = load(configurationCorpus(t), 'mkzeoinstance-blobs.conf');
	t.like(settings.runner, {
		program: [`${root}/bin/runzeo`],
		socketName: `${root}/var/zeo.zdsock`,
		directory: root,
	});
	t.like(server?.zeo.address, {host: 'localhost', port: 9999});
	t.like(server?.storages[0], {path: `${root}/var/Data.fs`, blobDirectory: `${root}/var/blobs`});
	t.true(server?.hasEventLog);
});

test('a pair of zc.zodbrecipes loads unchanged', t => {
	const {settings, server, problems, root} = load(
		configurationCorpus(t),
		'zodbrecipes/main-zdaemon.conf',
	);
	t.is(settings.form, 'zdaemon');
	t.like(settings.runner, {
		transcript: `${root}/log/main-zeo.log`,
		socketName: `${root}/run/main-zdaemon.sock`,
		directory: `${root}/run`,
		user: 'zope',
	});
	t.deepEqual(problems, []);
	t.is(server?.confPath, `${root}/confs/zodbrecipes/main-zeo.conf`);
	t.is(server?.zeo.transactionTimeout, 300);
	t.deepEqual(
		server?.storages.map(({name, path}) => [name, path]),
		[
			['main', `${root}/var/main.fs`],
			['sessions', `${root}/var/sessions.fs`],
		],
	);
});

test('a pair in the style of PyAMS loads unchanged', t => {
	const {settings, server, problems, root} = load(
		configurationCorpus(t),
		'pyams/pyams-zdaemon.conf',
	);
	t.like(settings.runner, {
		umask: 0o27,
		socketName: `${root}/run/pyams-zdaemon.sock`,
		transcript: `${root}/log/pyams-transcript.log`,
	});
	t.deepEqual(settings.environment, {LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1', TZ: 'Europe/Paris'});
	t.like(settings.eventLog?.handlers[0], {dateFormat: '%Y-%m-%d %H:%M:%S'});
	t.deepEqual(problems, []);
	t.is(server?.confPath, `${root}/confs/pyams/pyams-zeo.conf`);
	t.like(server?.zeo, {pidFilename: `${root}/run/pyams-zeo.pid`});
	t.like(server?.storages[0], {name: 'pyams', path: `${root}/var/pyams.fs`});
});

test('a conf that takes its values from the environment of a container loads unchanged', t => {
	const {server} = load(configurationCorpus(t), 'docker-zeo.conf');
	t.like(server?.zeo.address, {host: '0.0.0.0', port: 8100});
});

test('our own sections load beside an included file that stays pure', t => {
	const {settings, root} = load(configurationCorpus(t), 'own/zeoctl.conf');
	t.deepEqual(settings.runner.program, [`${root}/bin/runzeo`]);
	t.is(settings.storages.length, 1);
});

test('a file written for ZEO 4 is refused with advice', t => {
	const corpus = configurationCorpus(t);
	const report = checkConfiguration({
		overrides: {configFile: `${corpus.root}/confs/plone-zeo-4.conf`},
		environment: corpus.environment,
		cwd: '/',
	});
	t.deepEqual(
		report.findings.map(({message, hint}) => [message, hint !== undefined]),
		[
			["'authentication-protocol' is not a known key name", true],
			["'authentication-database' is not a known key name", true],
			["'authentication-realm' is not a known key name", true],
			["'monitor-address' is not a known key name", true],
		],
	);
});

test('every other file of the corpus loads', t => {
	const corpus = configurationCorpus(t);
	const place = {environment: corpus.environment, cwd: corpus.root, fileSystem: nodeFileSystem};
	for (const {name, file, isServers} of corpus.files) {
		if (isServers || name === 'plone-zeo-4.conf') continue;
		t.deepEqual(readConfiguration(file, [], place).problems, [], name);
		t.notThrows(() => readTree(file, place), name);
	}
});
