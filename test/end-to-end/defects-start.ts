import {
	appendFileSync,
	chmodSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import test from 'ava';
import {isAlive, nobody, publicPlace, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

const umaskOf = (pid: number): string | undefined =>
	/^Umask:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

test('defect 5: missing folders are made, and the first start succeeds', async t => {
	const instance = supervised(t, {runner: 'directory ./work'});
	const {exitCode, stderr} = await instance.run(['-s', 'run/sock', 'start']);
	t.is(exitCode, 0, stderr);
	t.true(statSync(instance.at('work')).isDirectory());
	t.true(lstatSync(instance.at('run/sock')).isSocket());
});

test('defect 5: folders that root makes belong to the user', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const runner = 'user nobody\ndirectory ./work';
	const instance = supervised(t, {...place, runner});
	const {exitCode, stderr} = await instance.run(['-s', 'run/sock', 'start']);
	t.is(exitCode, 0, stderr);
	for (const name of ['work', 'run', 'run/sock']) {
		const {uid, gid} = lstatSync(instance.at(name));
		t.deepEqual({uid, gid}, nobody, name);
	}
});

for (const [what, program, said] of [
	[
		'ends at once',
		"sh -c 'echo no such database; exit 2'",
		/exit status 2(?:.|\n)*no such database/,
	],
	['does not exist', './missing', /can't stat program '.\/missing'\nnext: namei -l \//],
	[
		'is not on the PATH',
		'no-such-program-here',
		/can't find program 'no-such-program-here' on PATH/,
	],
	['is empty', '', /no program specified: 'program' is empty \(.*d\.conf:\d+\)\nnext: write/],
	['is a folder', '/tmp', /cannot run program '\/tmp': it is a folder\nnext: ls \/tmp/],
	['may not be executed', './d.conf', /no permission to run program '.\/d.conf'\nnext: chmod \+x/],
] as const) {
	test(`defect 10: a start says at once that the program ${what}`, async t => {
		const {exitCode, stdout, stderr} = await supervised(t, {program}).run(['start']);
		t.is(exitCode, 1);
		t.regex(stderr, said);
		t.regex(stderr, /\nnext: |PATH \[/);
		t.regex(stdout, /^(?:\. )*\ndaemon manager not running\n$/);
		t.true((stdout.match(/\. /g) ?? []).length < 11, 'did not wait until zdaemon gives up');
	});
}

test('defect 10: a supervisor that cannot begin says why', async t => {
	const instance = supervised(t, {
		sections: '<eventlog>\n<logfile>\npath ./d.conf/event.log\n</logfile>\n</eventlog>\n',
	});
	const {exitCode, stdout, stderr} = await instance.run(['start']);
	t.not(exitCode, 0);
	t.notRegex(stdout, /started/);
	t.regex(stderr, /d\.conf\/event\.log/);
});

test('defect 14: umask 0 reaches the program', async t => {
	const {pid} = await supervised(t, {runner: 'umask 077'}).up('-m', '0');
	t.is(umaskOf(pid), '0000');
});

test('defect 14: what -X sets reaches the supervisor', async t => {
	const instance = supervised(t, {program: 'false'});
	const flags = ['-X', 'runner/socket-name=other', '-X', 'runner/program=sleep 601'];
	const {pid, manager} = await instance.up(...flags, '-X', 'runner/umask=070');
	t.is(umaskOf(pid), '0070');
	t.regex(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /^sleep\x00601\x00$/);
	t.true(lstatSync(instance.at('other')).isSocket());
	t.not(manager, pid);
	t.is((await instance.run([...flags, 'stop'])).exitCode, 0);
});

test('defect 14: -d puts the supervisor into the background where the file says daemon off', async t => {
	const instance = supervised(t, {runner: 'daemon off'});
	t.is((await instance.run(['-d', 'start'])).exitCode, 0);
	t.is((await instance.status()).state, 'running');
});

test('defect 17: a program that ignores SIGTERM is killed without a file, too', async t => {
	const {folder, socket, script} = supervised(t);
	script('stubborn', '#!/bin/sh\ntrap "" TERM\ntouch ready\nwhile :; do sleep 0.1; done\n');
	const flags = ['-s', socket, '-p', './stubborn', '--stop-timeout', '1'];
	t.is((await zeoctl(t, [...flags, 'start'], {cwd: folder})).exitCode, 0);
	await waitFor('the trap', () => statSync(`${folder}/ready`, {throwIfNoEntry: false}));
	const stop = await zeoctl(t, [...flags, 'stop'], {cwd: folder});
	t.is(stop.exitCode, 0, stop.stderr);
	const shown = await zeoctl(t, ['-p', 'x', 'show', '--json'], {cwd: folder});
	t.regex(shown.stdout, /"stop-timeout":\{"value":300,/);
});

test('defect 17: a start test can be given without a file', async t => {
	const {folder, socket} = supervised(t);
	const flags = ['-s', socket, '-p', 'sleep 600', '--start-test-program', 'test -e ready'];
	const late = await zeoctl(t, [...flags, '-T', '1', 'start'], {cwd: folder});
	t.is(late.stdout, '. . \nProgram took too long to start\n');
	t.is(late.exitCode, 1);
	writeFileSync(`${folder}/ready`, '');
	await waitFor('the end of the tests', async () => {
		const {stdout} = await zeoctl(t, [...flags, 'status', '--json'], {cwd: folder});
		return JSON.parse(stdout).state === 'running';
	});
	t.pass();
});

test('defect 19: HOME, USER and LOGNAME are those of the user', async t => {
	const place = await publicPlace(t);
	if (!place) return;
	const instance = supervised(t, {...place, runner: 'user nobody'});
	chmodSync(place.folder, 0o777);
	const {pid} = await instance.up();
	const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
	const home = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.find(line => line.startsWith('nobody:'))
		?.split(':')[5];
	for (const entry of [`HOME=${home}`, 'USER=nobody', 'LOGNAME=nobody'])
		t.true(entries.includes(entry), entry);
});

const eventLog = (lines: string): string =>
	`<eventlog>\n<logfile>\n${lines}\n</logfile>\n</eventlog>\n`;

for (const [what, sections, said] of [
	['a bad format', eventLog('path e.log\nformat %(nothing)s'), /'nothing' in the format/],
	['an unknown encoding', eventLog('path e.log\nencoding klingon'), /unknown encoding: klingon/],
	['a rotation at no known time', eventLog('path e.log\nwhen X\nold-files 3'), /rollover.*: X/],
	[
		'a missing log folder',
		eventLog('path /no/such/folder/e.log'),
		/'\/no\/such\/folder\/e.log': no such/,
	],
	['bytes that are not UTF-8', 'é', /UTF-8/],
] as const) {
	test(`defect 23: ${what} is a message with file and line, not a stack trace`, async t => {
		const instance = supervised(t);
		appendFileSync(instance.at('d.conf'), Buffer.from(sections, 'latin1'));
		const start = await instance.run(['start']);
		t.true([1, 2].includes(start.exitCode ?? 0), start.stdout);
		t.regex(start.stderr, said);
		t.regex(start.stderr, /\(line \d+,?(?: -1,)? in file:\/\/.*\/d\.conf\)/);
		t.notRegex(start.stderr, /Traceback|^\s+at /m);
		const status = await instance.run(['status']);
		t.true([2, 3].includes(status.exitCode ?? 0), status.stdout);
		t.notRegex(status.stderr, /Traceback|^\s+at /m);
	});
}

test('the next command after a failed start has the flags of that start', async t => {
	const {run} = supervised(t);
	const flags = ['-p', 'cat nosuch', '-b1', '-s', 'other'];
	const failed = await run([...flags, 'start']);
	t.is(failed.exitCode, 1, failed.stderr);
	t.regex(failed.stderr, /\nnext: \S+ -C \S+d\.conf -p 'cat nosuch' -b1 -s other foreground\n$/);
});

test('without a zeoctl on PATH, or behind another one, the next command has the path of this one', async t => {
	const instance = supervised(t);
	instance.script('zeoctl', '#!/bin/sh\n');
	for (const PATH of ['/nowhere', `${instance.folder}:${process.env['PATH']}`]) {
		const {stderr} = await instance.run(['-p', '/bin/cat nosuch', '-b1', 'start'], {env: {PATH}});
		const [, file = ''] = /\nnext: (\S+) -C .* foreground\n$/.exec(stderr) ?? [];
		t.is(file, zeoctlFile, stderr);
	}
});

test('defect 23: a value of -X that cannot be converted is a usage error', async t => {
	const {exitCode, stderr} = await supervised(t).run(['-X', 'runner/backoff-limit=many', 'status']);
	t.is(exitCode, 2);
	t.regex(stderr, /^Error: .*many/);
	t.notRegex(stderr, /^\s+at /m);
});

test('defect 22, kept: an <environment> section is refused in a file of the zeoctl form', async t => {
	const sections =
		'<zeo>\naddress 8100\n</zeo>\n<mappingstorage 1>\n</mappingstorage>\n<environment>\nA b\n</environment>\n';
	const {exitCode, stderr} = await supervised(t, {sections}).run(['status']);
	t.is(exitCode, 2);
	t.regex(stderr, /no matching section defined for type='environment'/);
});

test('defect 22, kept: status is as strict as start about the rest of the file', async t => {
	const sections =
		'<zeo>\naddress 8100\n</zeo>\n<filestorage 1>\npath /no/such/folder/Data.fs\n</filestorage>\n';
	for (const action of ['status', 'stop', 'start']) {
		const {exitCode, stderr} = await supervised(t, {sections}).run([action]);
		t.is(exitCode, 2, action);
		t.regex(
			stderr,
			/The directory named as part of the path \/no\/such\/folder\/Data.fs does not exist/,
		);
	}
});

test('defect 5: a folder that cannot be made is named', async t => {
	const instance = supervised(t, {runner: 'directory ./d.conf'});
	const {exitCode, stderr} = await instance.run(['start']);
	t.not(exitCode, 0);
	t.regex(stderr, /d\.conf/);
	mkdirSync(instance.at('fine'));
	t.is((await instance.run(['-z', 'fine', 'start'])).exitCode, 0);
});

test('the end of a program that died together with its supervisor is in the history after the next start', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	for (const each of [manager, pid]) process.kill(each, 'SIGKILL');
	await waitFor('the end of both', () => !isAlive(manager) && !isAlive(pid));
	await instance.up();
	const {stdout} = await instance.run(['history']);
	t.regex(
		stdout,
		new RegExp(
			`end +pid ${pid}: ended while nobody watched, after at most .*, started again\\n.* start `,
		),
	);
	await instance.run(['stop']);
});
