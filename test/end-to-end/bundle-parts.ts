import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import test from 'ava';
import {readSources} from '../helpers/imports.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

const runner = '<runner>\nprogram sleep 60\nsocket-name zdsock\n</runner>\n';
const eventLog = (format: string): string =>
	`<eventlog>\n<logfile>\npath e.log\nformat ${format}\n</logfile>\n</eventlog>\n`;

// One command of each bundle, and one of the rest.
const actions = ['status', 'start', 'logtail', 'show', 'schedule', 'pack'];

const refused = test.macro(async (t, section: string, message: string) => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'd.conf');
	writeFileSync(conf, `${runner}${section}`);
	for (const action of actions) {
		const {stderr, exitCode} = await zeoctl(t, ['-C', conf, action], {cwd});
		t.is(exitCode, 2, `${action}: ${stderr}`);
		t.true(stderr.startsWith(`Error: ${message}`), `${action}: ${stderr}`);
		t.regex(stderr, /\(line \d+, (?:-1, )?in file:\/\/.*\/d\.conf\)\nFor help/, action);
	}
});
test(
	'a schedule without five fields is refused with its place by every command',
	refused,
	'<pack>\nschedule every day\n</pack>\n',
	"not a valid cron expression such as '17 3 * * 0': 'every day': five fields are needed",
);
test(
	'a schedule with a bad field is refused with its place by every command',
	refused,
	'<pack>\nschedule 61 * * * *\n</pack>\n',
	"not a valid cron expression such as '17 3 * * 0': '61 * * * *': minute must be",
);
test(
	'an unknown time zone is refused with its place by every command',
	refused,
	'<pack>\nschedule 17 3 * * 0\ntime-zone Mars/Base\n</pack>\n',
	"not a known time zone such as 'Europe/Paris' or 'UTC': 'Mars/Base'",
);
test(
	'a bad format of the event log is refused with its place by every command',
	refused,
	eventLog('%(nosuch)s'),
	"unknown field 'nosuch'",
);

test('a mistake in the conf of the server is left to the server', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'zeo.conf'), '<zeo>\naddress localhost:port\n</zeo>\n');
	writeFileSync(path.join(cwd, 'runzeo'), '#!/bin/sh\necho no such conf\nexit 3\n', {mode: 0o755});
	writeFileSync(
		path.join(cwd, 'd.conf'),
		'<runner>\nprogram ./runzeo -C zeo.conf\nexit-codes 3\nsocket-name zdsock\n</runner>\n',
	);
	const {stderr, exitCode} = await zeoctl(t, ['-C', 'd.conf', 'start'], {cwd});
	t.is(exitCode, 1, stderr);
	t.regex(stderr, /^Error: cannot start the program: .*exit status 3/);
	t.notRegex(stderr, /\.cjs/);
});

test('one that does not speak the protocol is told as such, by the part that talks with it', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'd.conf'), runner);
	const stranger = createServer(socket => void socket.end('what is this\n'));
	await new Promise<void>(resolve => {
		stranger.listen(path.join(cwd, 'zdsock'), resolve);
	});
	t.teardown(() => stranger.close());
	for (const action of ['status', 'stop']) {
		const {stderr, exitCode} = await zeoctl(t, ['-C', 'd.conf', action], {cwd});
		t.is(exitCode, 4, `${action}: ${stderr}`);
		t.notRegex(stderr, /\.cjs/, action);
	}
});

test('the status for people reaches a terminal', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'd.conf'), runner);
	const line = `${process.execPath} ${zeoctlFile} -C d.conf status`;
	const argv: [string, ...string[]] = ['script', '-qec', line, '/dev/null'];
	const {stdout, exitCode} = await runCommand(t, argv, {cwd});
	t.is(exitCode, 3, stdout);
	t.notRegex(stdout, /\.cjs/);
});

test('a class that is recognised by identity has one copy in the build', t => {
	const sources = readSources(path.join(projectRoot, 'src'));
	const recognised = new Set(
		sources.flatMap(({text}) => [...text.matchAll(/ instanceof (\w+)/g)].map(([, name]) => name)),
	);
	const defining = sources.filter(({text}) =>
		[...text.matchAll(/^export class (\w+)/gm)].some(([, name]) => recognised.has(name)),
	);
	t.true(defining.length > 0);
	const lib = path.join(projectRoot, 'dist/lib');
	const maps = readdirSync(lib).filter(name => name.endsWith('.map'));
	const inputs = maps.flatMap(name => {
		const {sources}: {sources: readonly string[]} = JSON.parse(
			readFileSync(path.join(lib, name), 'utf8'),
		);
		return sources.map(source => path.resolve(lib, source));
	});
	for (const {file} of defining) {
		const source = path.join(projectRoot, 'src', file);
		t.true(existsSync(source));
		t.is(inputs.filter(input => input === source).length, 1, file);
	}
});
