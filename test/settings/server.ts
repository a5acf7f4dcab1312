import test from 'ava';
import {resolveServer} from '../../src/settings/server.js';
import {renderProblem} from '../../src/zconfig/errors.js';
import {settingsOf, type TextPlace, textFileSystem} from '../helpers/read-text.js';

const zeoConf = '<zeo>\naddress 8100\n</zeo>\n<filestorage>\npath /var/Data.fs\n</filestorage>\n';

const resolve = (program: string, place: TextPlace & {readonly runner?: string} = {}) => {
	const full = {...place, folders: ['/var', '/srv', ...(place.folders ?? [])]};
	const settings = settingsOf(
		`<runner>\nprogram ${program}\n${place.runner ?? ''}\n</runner>\n`,
		full,
	);
	return resolveServer(settings, {
		environment: {PATH: '/usr/bin', HOME: '/home/me', ...place.environment},
		cwd: place.cwd ?? '/',
		fileSystem: textFileSystem(full),
	});
};

const files = {'/srv/zeo.conf': zeoConf};

for (const program of [
	'runzeo -C /srv/zeo.conf',
	'/opt/bin/runzeo -C/srv/zeo.conf',
	'/opt/lib/ZEO/runzeo.py --configure /srv/zeo.conf',
	'runzeo --conf=/srv/zeo.conf -X runner/a=1',
	'runzeo --configure=file:///srv/zeo.conf',
	'python3 -m ZEO.runzeo -C /srv/zeo.conf',
	'/venv/bin/python3.11 -u -W ignore -mZEO.runzeo -C /srv/zeo.conf',
	'python /venv/bin/runzeo -C /srv/zeo.conf',
	'env PYTHONUNBUFFERED=1 runzeo -C /srv/zeo.conf',
	'nice -n 5 /usr/bin/python3 -m ZEO.runzeo -C /srv/zeo.conf',
]) {
	test(`${program} serves what its conf says`, t => {
		const {server, problems} = resolve(program, {files});
		t.deepEqual(
			problems.map(renderProblem),
			program.includes('-X') ? ['not all command line options were consumed'] : [],
		);
		if (problems.length > 0) return;
		t.is(server?.confPath, '/srv/zeo.conf');
		t.deepEqual(server?.zeo.address, {family: 'inet', host: '', port: 8100});
		t.like(server?.storages[0], {name: '1', path: '/var/Data.fs'});
		t.false(server?.hasEventLog);
	});
}

for (const program of [
	'sleep 100',
	'python3 -m http.server',
	'python3 serve.py',
	'sh -c "runzeo"',
	'runzeo',
	'runzeo -C',
]) {
	test(`${program} is no server that is known`, t => {
		t.deepEqual(resolve(program), {server: undefined, problems: []});
	});
}

test('options beat the conf', t => {
	const program = 'runzeo -C /srv/zeo.conf -a localhost:9000 -t 30 --pid-file=/p -f a.fs -f /b.fs';
	const {server} = resolve(program, {files});
	t.like(server?.zeo, {
		address: {family: 'inet', host: 'localhost', port: 9000},
		transactionTimeout: 30,
		pidFilename: '/p',
	});
	t.deepEqual(
		server?.storages.map(({name, path}) => [name, path]),
		[
			['1', 'a.fs'],
			['2', '/b.fs'],
		],
	);
});

test('options alone are enough', t => {
	const {server, problems} = resolve('runzeo -a /run/zeo.sock -f /var/Data.fs');
	t.deepEqual(problems, []);
	t.is(server?.confPath, undefined);
	t.deepEqual(server?.zeo.address, {family: 'unix', path: '/run/zeo.sock'});
});

test('an address that cannot be is a problem', t => {
	const {server, problems} = resolve('runzeo -a host:99999 -f /var/Data.fs');
	t.is(server, undefined);
	t.deepEqual(problems.map(renderProblem), ['99999 is above upper bound (65535)']);
});

test('values may be overridden by -X', t => {
	const {server} = resolve('runzeo -C /srv/zeo.conf -X zeo/address=9', {files});
	t.like(server?.zeo.address, {port: 9});
});

test('a relative conf is looked for in the folder that the program runs in', t => {
	t.is(
		resolve('runzeo -C zeo.conf', {files, runner: 'directory /srv'}).server?.confPath,
		'/srv/zeo.conf',
	);
	t.is(resolve('runzeo -C zeo.conf', {files, cwd: '/srv'}).server?.confPath, '/srv/zeo.conf');
	t.is(
		resolve('runzeo -C zeo.conf', {files, runner: 'directory /srv\ndaemon off'}).server,
		undefined,
	);
});

test('a wrapper script is looked into', t => {
	const wrapper = '#!/bin/sh\nCONF=/srv/zeo.conf\nexec /opt/venv/bin/runzeo -C "$CONF" "$@"\n';
	const place = {files: {...files, '/srv/bin/start': wrapper, '/usr/bin/myzeo': wrapper}};
	t.is(resolve('/srv/bin/start', place).server?.confPath, '/srv/zeo.conf');
	t.is(resolve('myzeo -a 9', place).server?.confPath, '/srv/zeo.conf');
	t.like(resolve('myzeo -a 9', place).server?.zeo.address, {port: 9});
	t.is(
		resolve('bin/start', {...place, runner: 'directory /srv'}).server?.confPath,
		'/srv/zeo.conf',
	);
});

test('a wrapper of a wrapper is looked into, one of itself is not for ever', t => {
	const place = {
		files: {
			...files,
			'/a': '#!/bin/sh\nexec /runzeo-b\n',
			'/runzeo-b': '#!/bin/sh\nexec runzeo -C /srv/zeo.conf\n',
			'/runzeo-loop': '#!/bin/sh\nexec /runzeo-loop\n',
		},
	};
	t.is(resolve('/a', place).server?.confPath, '/srv/zeo.conf');
	t.deepEqual(resolve('/runzeo-loop', place), {server: undefined, problems: []});
});

test('the variables of the conf are those that the program will have', t => {
	const conf = {'/srv/zeo.conf': zeoConf.replace('8100', '$(ZEO_PORT)')};
	const {server} = resolve('runzeo -C /srv/zeo.conf', {files: conf, environment: {ZEO_PORT: '7'}});
	t.like(server?.zeo.address, {port: 7});
});

for (const [title, text, expected] of [
	[
		'two storages without a name',
		`${zeoConf}<mappingstorage/>`,
		'No more than one storage may be unnamed.',
	],
	[
		'a storage without a name beside 1',
		`${zeoConf}<mappingstorage 1/>`,
		"Can't have an unnamed storage and a storage named 1.",
	],
	[
		'a section of ours',
		`${zeoConf}<health/>`,
		"unknown type name: 'health'\n(line 7 in file:///srv/zeo.conf)",
	],
	['nothing', '', "no values for section type 'zeo'; 1 required"],
] as const) {
	test(`${title} keeps the server from starting`, t => {
		const {server, problems} = resolve('runzeo -C /srv/zeo.conf', {files: {'/srv/zeo.conf': text}});
		t.is(server, undefined);
		t.is(problems[0] && renderProblem(problems[0]), expected);
	});
}

test('a conf of ZEO 4 is one of a server, with what later ones have dropped', t => {
	const old = 'Monitor-Address 8101\nauthentication-database etc/users\nauthentication-realm x\n';
	const text = zeoConf.replace('</zeo>', `${old}</zeo>`);
	const files = {'/srv/zeo.conf': text};
	const {server, problems} = resolve('runzeo -C /srv/zeo.conf', {files});
	t.deepEqual(problems.map(renderProblem), [
		"'Monitor-Address' is not a known key name",
		"'authentication-database' is not a known key name",
		"'authentication-realm' is not a known key name",
	]);
	t.like(server, {
		confPath: '/srv/zeo.conf',
		zeo: {address: {port: 8100}, authenticationDatabase: '/etc/users'},
	});
	const broken = text.replace('</zeo>', 'adress 1\n</zeo>');
	t.is(resolve('runzeo -C /srv/zeo.conf', {files: {'/srv/zeo.conf': broken}}).server, undefined);
});

test('a conf that is not there is a problem', t => {
	const {problems} = resolve('runzeo -C /srv/no.conf');
	t.deepEqual(problems.map(renderProblem), [
		"error opening file /srv/no.conf: [Errno 2] No such file or directory: '/srv/no.conf'",
	]);
});

test('without a word on the command line the sections of our own file count', t => {
	const text = `${zeoConf.replace('<filestorage>', '<filestorage main>')}<runner>\nprogram bin/unknown\n</runner>\n<eventlog/>`;
	const place = {folders: ['/var']};
	const settings = settingsOf(text, place);
	const {server, problems} = resolveServer(settings, {
		environment: {},
		cwd: '/',
		fileSystem: textFileSystem(place),
	});
	t.deepEqual(problems, []);
	t.like(server, {confPath: '/etc/x.conf', hasEventLog: true});
	t.like(server?.storages[0], {name: 'main'});
	t.is(server?.logFiles, undefined);
});

test('the log files of the server are those of its conf, from where it runs', t => {
	const log =
		'<eventlog>\n<logfile>\npath log/zeo.log\n</logfile>\n<logfile>\npath STDERR\n</logfile>\n</eventlog>';
	const {server} = resolve('runzeo -C /srv/zeo.conf', {
		files: {'/srv/zeo.conf': `${zeoConf}${log}`},
	});
	t.deepEqual(server?.logFiles, ['/log/zeo.log']);
});
