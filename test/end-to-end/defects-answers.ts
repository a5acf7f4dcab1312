import {appendFileSync, existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {isAlive, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, zeoctlFile} from '../helpers/zeoctl.js';

/** Ends after it was asked to, when there is a file `go`. */
const slowToEnd =
	'#!/bin/sh\ntrap "while [ ! -e go ]; do sleep 0.05; done; exit 0" TERM\ntouch ready\nwhile :; do sleep 0.05; done\n';

test('defect 8: a stop that somebody else undoes ends, and fails', async t => {
	const instance = supervised(t, {program: './slow'});
	instance.script('slow', slowToEnd);
	await instance.up();
	await waitFor('the trap', () => existsSync(instance.at('ready')));
	const stop = instance.start(['stop']);
	await waitFor('the stop', async () => (await instance.status()).state === 'stopping');
	const restart = instance.start(['restart']);
	const {exitCode, stderr} = await stop.result;
	t.is(exitCode, 1);
	t.regex(stderr, /somebody else has started it again/);
	writeFileSync(instance.at('go'), '');
	t.like(await restart.result, {exitCode: 0, stderr: ''});
});

for (const [what, args, expected] of [
	['restart of a program that cannot be run', ['-p', './missing', 'restart'], 1],
	['kill without a program', ['kill'], 1],
	['kill with a signal that does not exist', ['kill', 'NONSENSE'], 2],
	['an unknown action', ['strat'], 2],
	['fg of a program that fails', ['-p', 'false', 'fg'], 1],
	['fg of a program that cannot be run', ['-p', './missing', 'fg'], 127],
	[
		'start in the foreground of a program that keeps failing',
		['-X', 'runner/daemon=off', 'start'],
		1,
	],
	['stop of what does not run', ['stop'], 0],
	['wait for what does not run', ['wait'], 0],
] as const) {
	test(`defect 9: ${what} exits with ${expected}`, async t => {
		const instance = supervised(t, {program: 'false', runner: 'backoff-limit 1'});
		const {exitCode, stdout, stderr} = await instance.run(args);
		t.is(exitCode, expected, `${stdout}${stderr}`);
	});
}

test('defect 9, kept: status is 0 while the program is crashing; --strict and --json tell', async t => {
	const instance = supervised(t, {program: 'false', runner: 'forever on\nbackoff-limit 60'});
	t.is((await instance.run(['-T', '1', 'start'])).exitCode, 1);
	// The pauses are longer by now than all the lives together.
	await waitFor('a pause', async () => (await instance.status()).state === 'backoff');
	const plain = await instance.run(['status']);
	t.is(plain.stdout, 'daemon manager running; daemon process not running\n');
	t.is(plain.exitCode, 0);
	t.is((await instance.run(['status', '--strict'])).exitCode, 1);
});

test('defect 11: logtail shows a short file whole and goes on with what is added', async t => {
	const instance = supervised(t);
	const long = 'x'.repeat(5000);
	writeFileSync(instance.at('log'), `first\n${long}\n`);
	const tail = instance.start(['logtail', 'log']);
	await waitFor('the file', () => tail.stdout() === `first\n${long}\n`);
	appendFileSync(instance.at('log'), 'second\n');
	appendFileSync(instance.at('log'), 'third\n');
	await waitFor('what was added', () => tail.stdout().endsWith('second\nthird\n'));
	tail.kill('SIGINT');
	t.deepEqual(await tail.result, {
		stdout: `first\n${long}\nsecond\nthird\n\n`,
		stderr: '',
		exitCode: 0,
		signal: null,
	});
});

test('defect 11: logtail begins with the last ten lines', async t => {
	const instance = supervised(t, {runner: 'logfile log'});
	const lines = Array.from({length: 30}, (_, index) => `line ${index}`);
	writeFileSync(instance.at('log'), `${lines.join('\n')}\n`);
	const tail = instance.start(['logtail']);
	await waitFor('the end of the file', () => tail.stdout().endsWith('line 29\n'));
	t.is(tail.stdout(), `${lines.slice(-10).join('\n')}\n`);
});

test('defect 13: words of the program may be quoted', async t => {
	const instance = supervised(t, {program: './program "two words" one \'a "b" c\' d\\"e'});
	instance.script('program', '#!/bin/sh\nprintf "%s\\n" "$@" > words\nexec sleep 600\n');
	await instance.up();
	await waitFor('the words', () => existsSync(instance.at('words')));
	t.is(readFileSync(instance.at('words'), 'utf8'), 'two words\none\na "b" c\nd\\"e\n');
});

test('defect 15: the transcript is made with the configured umask, not the inherited one', async t => {
	const instance = supervised(t, {runner: 'umask 077\ntranscript log'});
	const command = `umask 0; exec "$@"`;
	const started = await runCommand(
		t,
		['sh', '-c', command, 'sh', process.execPath, zeoctlFile, '-C', 'd.conf', 'start'],
		{cwd: instance.folder},
	);
	t.is(started.exitCode, 0, started.stderr);
	t.is(statSync(instance.at('log')).mode & 0o777, 0o600);
});

test('defect 15: a transcript that cannot be opened fails the start, and leaves no socket', async t => {
	const instance = supervised(t, {runner: 'transcript .'});
	for (let round = 0; round < 2; round += 1) {
		const {exitCode, stderr} = await instance.run(['start']);
		t.is(exitCode, 1);
		t.regex(stderr, /^Error: cannot open the transcript ".*": it is a directory\nnext: ls -ld/);
		t.false(existsSync(instance.socket));
	}
});

test('defect 15: a transcript that cannot be reopened is an error of the caller', async t => {
	const instance = supervised(t, {runner: 'transcript log'});
	await instance.up();
	await runCommand(t, ['sh', '-c', 'mv log log.1; mkdir log'], {cwd: instance.folder});
	const {exitCode, stdout, stderr} = await instance.run(['reopen_transcript']);
	t.is(exitCode, 1);
	t.is(stdout, '');
	t.regex(stderr, /^Error: cannot reopen the transcript: /);
});

test('defect 24: the refusal of a second supervisor repeats the whole status of the first', async t => {
	const word = 'w'.repeat(3000);
	const instance = supervised(t, {program: `sh -c 'sleep 600' ${word}`});
	await instance.up();
	const {exitCode, stderr} = await instance.run(['supervise']);
	t.is(exitCode, 1);
	t.regex(stderr, /Another zrdun is already up using socket /);
	t.true(stderr.includes(`'${word}']`));
});

test('defect 25: supervise stays in the foreground, writes where it was told, and stops in order', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script(
		'program',
		'#!/bin/sh\ntrap "echo ends; exit 0" TERM\necho begins\nwhile :; do sleep 0.05; done\n',
	);
	const service = instance.start(['supervise']);
	await waitFor('the program', () => service.stdout() === 'begins\n');
	const {pid, manager} = await instance.status();
	t.is(manager, service.pid);
	service.kill('SIGTERM');
	t.like(await service.result, {stdout: 'begins\nends\n', exitCode: 0, signal: null});
	t.false(isAlive(pid ?? 0));
	t.false(existsSync(instance.socket));
});

test('defect 25: supervise ends with a status that tells systemd what happened', async t => {
	const codes = supervised(t, {program: "sh -c 'exit 9'", runner: 'exit-codes 9'});
	t.is((await codes.run(['supervise'])).exitCode, 9);
	const failing = supervised(t, {program: 'false', runner: 'backoff-limit 1'});
	t.is((await failing.run(['supervise'])).exitCode, 1);
});
