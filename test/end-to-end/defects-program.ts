import {
	chmodSync,
	closeSync,
	copyFileSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	writeFileSync,
} from 'node:fs';
import test from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {readHistory} from '../../src/history/history.js';
import {isAlive, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, zeoctlFile} from '../helpers/zeoctl.js';

const linesOf = (file: string): string[] => {
	try {
		return readFileSync(file, 'utf8').split('\n').filter(Boolean);
	} catch {
		return [];
	}
};

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
	test(`defect 1: ${signal} to the supervisor ends the program first`, async t => {
		const instance = supervised(t, {program: './program'});
		instance.script(
			'program',
			'#!/bin/sh\ntrap "sleep 0.3; ls sock > orderly; exit 0" TERM\nwhile :; do sleep 0.05; done\n',
		);
		const {pid, manager} = await instance.up();
		process.kill(manager, signal);
		await waitFor('the end of the supervisor', () => !isAlive(manager));
		t.false(isAlive(pid));
		t.deepEqual(linesOf(instance.at('orderly')), ['sock'], 'the socket outlives the program');
		t.is((await instance.run(['status'])).exitCode, 3);
	});
}

for (const limit of [0, -3]) {
	test(`defect 6: backoff-limit ${limit} pauses a second between two lives, and goes on`, async t => {
		const instance = supervised(t, {
			program: './program',
			runner: `backoff-limit ${limit}\nstart-timeout 1`,
		});
		instance.script('program', '#!/bin/sh\ndate +%s.%N >> starts\nexit 7\n');
		// On a busy machine a life may be longer than the look that a start takes: either answer is right.
		await instance.run(['start']);
		const starts = await waitFor('a third life', () => {
			const lines = linesOf(instance.at('starts'));
			return lines.length < 3 ? undefined : lines.map(Number);
		});
		const pauses = starts.slice(1).map((time, index) => time - (starts[index] ?? 0));
		t.true(
			pauses.every(pause => pause > 0.9),
			pauses.join(' '),
		);
		await waitFor('a pause', async () =>
			(await instance.status()).state === 'backoff' ? true : undefined,
		);
		t.is((await instance.run(['stop'])).exitCode, 0);
	});
}

test('defect 12: the program starts with /dev/null, its output, and nothing else open', async t => {
	const instance = supervised(t, {runner: 'transcript log'});
	const open = 'exec 3< d.conf 9< d.conf 200< d.conf; exec "$@"';
	const started = await runCommand(
		t,
		['bash', '-c', open, 'bash', process.execPath, zeoctlFile, '-C', 'd.conf', 'start'],
		{cwd: instance.folder},
	);
	t.is(started.exitCode, 0, started.stderr);
	const {pid, manager} = await instance.up();
	const descriptors = readdirSync(`/proc/${pid}/fd`).map(Number);
	// The lock that the program holds for life is the only one that is meant for it to inherit.
	const further = descriptors.filter(fd => fd > 2).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`));
	t.true(
		further.every(file => file.endsWith('.lock')),
		further.join(),
	);
	const targets = [0, 1, 2].map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`));
	t.deepEqual(targets, ['/dev/null', instance.at('log'), instance.at('log')]);
	const held = readdirSync(`/proc/${manager}/fd`).map(fd =>
		readlinkSync(`/proc/${manager}/fd/${fd}`),
	);
	t.false(held.includes(instance.at('d.conf')));
});

test('defect 12: the program ignores and blocks no signal', async t => {
	const {pid} = await supervised(t).up();
	const masks = /^SigBlk:\t(\w+)\nSigIgn:\t(\w+)$/m.exec(
		readFileSync(`/proc/${pid}/status`, 'utf8'),
	);
	t.deepEqual(masks?.slice(1), ['0'.repeat(16), '0'.repeat(16)]);
});

test('defect 16, promise 8: stop ends the children of the program, too', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', '#!/bin/sh\nsleep 600 &\necho $! > child\nwait\n');
	const {pid} = await instance.up();
	const child = Number(await waitFor('the child', () => linesOf(instance.at('child'))[0]));
	t.true(isAlive(child));
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.false(isAlive(pid));
	t.false(isAlive(child));
});

test('defect 16, promise 8: stop waits for a child that ignores SIGTERM, and SIGKILL reaches it', async t => {
	const instance = supervised(t, {program: './program', runner: 'stop-timeout 6'});
	instance.script(
		'program',
		'#!/bin/sh\n(trap "" TERM; sleep 600) &\nsleep 0.2; echo $! > child\ntrap "exit 0" TERM\nwait\n',
	);
	const {pid} = await instance.up();
	const child = Number(await waitFor('the child', () => linesOf(instance.at('child'))[0]));
	const {exitCode, stderr} = await instance.run(['stop']);
	t.is(exitCode, 0, stderr);
	t.false(isAlive(pid));
	t.false(isAlive(child));
	t.is((await instance.run(['status'])).exitCode, 3);
});

test('promise 8: stop ends a program that a signal has stopped, without waiting for its SIGKILL', async t => {
	const instance = supervised(t);
	const {pid} = await instance.up();
	process.kill(pid, 'SIGSTOP');
	t.like(await instance.run(['stop']), {exitCode: 0, stderr: ''});
	t.false(isAlive(pid));
});

test('defect 16: a program that crashes is not started beside its own children', async t => {
	const instance = supervised(t, {program: './program', runner: 'backoff-limit 3'});
	instance.script(
		'program',
		'#!/bin/sh\npgrep -f "^sleep 60[0]\\.$PPID" >> survivors\nsleep 600.$PPID &\nsleep 0.3\necho x >> starts\nexit 7\n',
	);
	await instance.run(['start']);
	await waitFor('a second life', () => linesOf(instance.at('starts')).length >= 2);
	await instance.run(['stop']);
	t.deepEqual(linesOf(instance.at('survivors')), []);
});

test('defect 18: a relative program is found in the folder of the caller, and run in directory', async t => {
	const instance = supervised(t, {program: './program', runner: 'directory ./elsewhere'});
	instance.script('program', '#!/bin/sh\npwd > place\nexec sleep 600\n');
	await instance.up();
	t.deepEqual(linesOf(instance.at('elsewhere/place')), [instance.at('elsewhere')]);
});

test('defect 21, kept: the last quick end is too frequent, whatever exit-codes says', async t => {
	const instance = supervised(t, {
		program: 'true',
		runner: 'backoff-limit 1\nexit-codes 0',
		sections:
			'<eventlog>\n<logfile>\npath event.log\nformat %(message)s\n</logfile>\n</eventlog>\n',
	});
	t.is((await instance.run(['supervise'])).exitCode, 1);
	t.is(linesOf(instance.at('event.log')).at(-1), 'restarting too frequently; quit');
});

test('what a program has left behind with its locks is not taken for it by any later start', async t => {
	const instance = supervised(t, {
		program: './program',
		sections:
			'<zeo>\n  address 127.0.0.1:1\n</zeo>\n<filestorage 1>\n  path Data.fs\n</filestorage>\n',
	});
	instance.script(
		'program',
		"#!/bin/sh\nsetsid sh -c 'echo $$ > helper; exec sleep 600' &\nexec sleep 601\n",
	);
	const {pid} = await instance.up();
	const helper = Number(await waitFor('the helper', () => linesOf(instance.at('helper'))[0]));
	t.teardown(() => process.kill(helper, 'SIGKILL'));
	process.kill(pid, 'SIGKILL');
	await waitFor(
		'its supervisor to give up',
		async () => (await instance.status()).manager === null,
	);
	for (const attempt of ['the first', 'the second', 'the third']) {
		const {exitCode, stderr} = await instance.run(['start']);
		t.is(exitCode, 1, attempt);
		t.regex(stderr, new RegExp(`is in use by process ${helper}\\b`), attempt);
		t.is((await instance.status()).pid, null, attempt);
	}
});

test('a stop that comes while what a crash has left behind ends is no giving up', async t => {
	const instance = supervised(t, {program: './program', runner: 'stop-timeout 3'});
	instance.script(
		'program',
		'#!/bin/sh\n(trap "" TERM; echo x > ready; sleep 600) &\nexec sleep 601\n',
	);
	const {pid} = await instance.up();
	await waitFor('the helper', () => existsSync(instance.at('ready')));
	process.kill(pid, 'SIGKILL');
	await waitFor('the crash', async () => (await instance.status()).state === 'stopping');
	t.is((await instance.run(['stop'])).exitCode, 0);
	const end = readHistory(runDirectoryOf(instance.socket)).findLast(({event}) => event === 'end');
	t.like(end, {pid, expected: false, decision: 'stop'});
});

test('wait waits for a program that has outlived its supervisor', async t => {
	const instance = supervised(t, {program: `sh -c "while [ ! -e ended ]; do sleep 0.05; done"`});
	const {pid, manager} = await instance.up();
	process.kill(manager, 'SIGKILL');
	await waitFor('its end', () => !isAlive(manager));
	const waiting = instance.start(['wait']);
	await waitFor('another supervisor', async () => (await instance.status()).manager);
	t.true(isAlive(pid));
	writeFileSync(instance.at('ended'), '');
	const {exitCode, stdout} = await waiting.result;
	t.is(exitCode, 0);
	t.regex(stdout, /daemon process stopped/);
	t.false(isAlive(pid));
	await instance.run(['stop']);
});

test('what a program has left behind in a session of its own is not taken for it after an orderly end', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script(
		'program',
		"#!/bin/sh\nsetsid sh -c 'echo $$ >> helpers; exec sleep 600' &\nexec sleep 601\n",
	);
	const helpers = () => linesOf(instance.at('helpers')).map(Number);
	t.teardown(() => {
		for (const pid of helpers()) process.kill(pid, 'SIGKILL');
	});
	const {pid: first} = await instance.up();
	await waitFor('the helper', () => helpers().length === 1);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.is((await instance.run(['stop'])).stdout, 'daemon manager not running\n');
	t.is((await instance.status()).pid, null);
	const {pid: second} = await instance.up();
	t.not(second, first);
	t.is(readFileSync(`/proc/${second}/cmdline`, 'utf8').split('\0')[1], '601');
	t.true(helpers().every(isAlive), 'nobody has signalled the helper');
});

test('defect 24: no end of the program is missed while test programs come and go', async t => {
	const instance = supervised(t, {
		program: './program',
		runner: 'start-test-program false\nexit-codes 5\nbackoff-limit 10',
	});
	// Ends while the first test program does.
	instance.script('program', '#!/bin/sh\nexit 5\n');
	for (let round = 0; round < 5; round += 1) {
		const {exitCode, stderr} = await instance.run(['start']);
		t.is(exitCode, 1);
		t.regex(stderr, /exit status 5/);
		t.is((await instance.run(['status'])).exitCode, 3);
	}
});

test('defect 24: test programs leave neither zombies nor children behind', async t => {
	const instance = supervised(t, {runner: 'start-test-program ./try\nstart-timeout 1'});
	instance.script('try', '#!/bin/sh\necho $$ >> tries\nsleep 600\ntrue\n');
	t.is((await instance.run(['start'])).exitCode, 1);
	const {manager} = await instance.status();
	const tested = Number(linesOf(instance.at('tries'))[0]);
	t.true(isAlive(tested));
	const children = readFileSync(`/proc/${tested}/task/${tested}/children`, 'utf8').trim();
	t.regex(children, /^\d+$/);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.is((await instance.run(['status'])).exitCode, 3);
	await waitFor('the end of all', () =>
		[tested, Number(children), manager ?? 0].every(pid => !isAlive(pid)),
	);
	t.pass();
});

test('defect 24: a program that cannot be forked counts as a crash, and the supervisor lives', async t => {
	const instance = supervised(t, {program: './program', runner: 'backoff-limit 2\nforever on'});
	instance.script('program', '#!/no/such/interpreter\n');
	const starting = instance.start(['-T', '1', 'start']);
	t.is((await starting.result).exitCode, 1);
	writeFileSync(instance.at('program'), '#!/bin/sh\nexec sleep 600\n');
	await waitFor('the program', async () => (await instance.status()).state === 'running');
	t.is((await instance.run(['stop'])).exitCode, 0);
});

for (const [what, trial] of [
	['does not exist', './missing'],
	['is below a file', './d.conf/below'],
	['is being written', './busy'],
] as const) {
	test(`promise 7: a start test that ${what} is told at once, with what to type, and the start is judged without it`, async t => {
		const instance = supervised(t, {
			runner: `start-test-program ${trial}\nstart-timeout 20\ntranscript log`,
		});
		copyFileSync('/bin/true', instance.at('busy'));
		chmodSync(instance.at('busy'), 0o755);
		const writer = openSync(instance.at('busy'), 'r+');
		t.teardown(() => closeSync(writer));
		const {exitCode, stdout, stderr} = await instance.run(['start']);
		t.is(exitCode, 0);
		t.regex(stdout, /\ndaemon process started, pid=\d+\n$/);
		const [told = '', next] = stderr.split('\n');
		t.true(told.startsWith(`can't exec start-test-program '${trial}': `), told);
		t.is(next, `next: zeoctl -C ${instance.at('d.conf')} check`);
		t.like(await instance.status(), {state: 'running'});
		t.is((await instance.run(['stop'])).exitCode, 0);
		const logged = linesOf(instance.at('log'));
		t.is(logged.length, 1, 'once');
		t.true(logged[0]?.startsWith(`start test raised: can't exec `), logged[0]);
	});
}

test('a start test that cannot be run is told once, however often the start is tried', async t => {
	const instance = supervised(t, {
		program: 'sh -c "exit 3"',
		runner: 'start-test-program ./nothing\nbackoff-limit 2',
	});
	const {exitCode, stderr} = await instance.run(['start']);
	t.is(exitCode, 1);
	t.is(stderr.match(/the start is judged without it$/gm)?.length, 1, stderr);
});

test('defect 10: a command that is too long for the kernel is told as that', async t => {
	const words = Array.from({length: 3000}, () => 'w'.repeat(1000)).join(' ');
	const instance = supervised(t, {program: `sh -c : ${words}`, runner: 'backoff-limit 1'});
	const {exitCode, stderr} = await instance.run(['start']);
	t.is(exitCode, 1);
	t.regex(stderr, /can't exec '.*\/sh': argument list too long/);
});
