import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {isAlive, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';

const slowToEnd =
	'#!/bin/sh\necho $$ >> lives\ntrap "while [ ! -e go ]; do sleep 0.05; done; exit 0" TERM\nwhile :; do sleep 0.05; done\n';

test('eight starts at once are one supervisor and one program', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', '#!/bin/sh\necho $$ >> lives\nexec sleep 600\n');
	const starts = await Promise.all(Array.from({length: 8}, () => instance.run(['start'])));
	const {pid, manager} = await instance.status();
	for (const {exitCode, stdout, stderr} of starts) {
		t.is(exitCode, 0, stderr);
		t.regex(stdout, new RegExp(`(?:started, |already running; )pid=${pid}\n$`));
	}
	t.is(readFileSync(instance.at('lives'), 'utf8'), `${pid}\n`);
	await waitFor('the end of the rivals', () => supervisorsOf(instance.at('d.conf')).length === 1);
	t.deepEqual(supervisorsOf(instance.at('d.conf')), [manager]);
	t.deepEqual(
		readdirSync(instance.folder).filter(name => /^sock/.test(name)),
		['sock'],
	);
});

const supervisorsOf = (conf: string): number[] =>
	readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(Number)
		.filter(pid => {
			const words = commandLine(pid);
			return words.includes(conf) && words.includes('supervise');
		});

const commandLine = (pid: number): string[] => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
	} catch {
		return [];
	}
};

test('a start over a stale socket works, also for eight at once', async t => {
	const instance = supervised(t);
	const {manager, pid} = await instance.up();
	process.kill(manager, 'SIGKILL');
	process.kill(pid, 'SIGKILL');
	await waitFor('the end', () => !isAlive(manager) && !isAlive(pid));
	t.true(existsSync(instance.socket));
	t.is((await instance.run(['status'])).exitCode, 3);
	const starts = await Promise.all(Array.from({length: 8}, () => instance.run(['start'])));
	const next = await instance.status();
	for (const {exitCode, stdout, stderr} of starts) {
		t.is(exitCode, 0, stderr);
		t.true(stdout.endsWith(`pid=${next.pid}\n`), stdout);
	}
});

test('a start during a stop waits for it and starts again', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', slowToEnd);
	const {pid} = await instance.up();
	await waitFor('the program', () => existsSync(instance.at('lives')));
	const stop = instance.start(['stop']);
	await waitFor('the stop', async () => (await instance.status()).state === 'stopping');
	const start = instance.start(['start']);
	await waitFor('the wait', () => start.stdout().includes('. '));
	writeFileSync(instance.at('go'), '');
	t.is((await stop.result).exitCode, 0);
	const {exitCode, stdout, stderr} = await start.result;
	t.is(exitCode, 0, stderr);
	t.regex(stdout, /\ndaemon process started, pid=\d+\n$/);
	t.not((await instance.status()).pid, pid);
});

test('a stop during a slow start ends both', async t => {
	const instance = supervised(t, {runner: 'start-test-program false'});
	const start = instance.start(['start']);
	await waitFor('the program', async () => (await instance.status()).pid);
	t.is((await instance.run(['stop'])).exitCode, 0);
	const {exitCode, stdout} = await start.result;
	t.is(exitCode, 1);
	t.regex(stdout, /\ndaemon manager not running\n$/);
	t.is((await instance.run(['status'])).exitCode, 3);
});

test('two stops at once both succeed', async t => {
	const instance = supervised(t);
	await instance.up();
	const stops = await Promise.all([instance.run(['stop']), instance.run(['stop'])]);
	t.deepEqual(
		stops.map(({exitCode}) => exitCode),
		[0, 0],
		stops.map(({stdout, stderr}) => stdout + stderr).join(),
	);
	t.is((await instance.run(['status'])).exitCode, 3);
});

test('Ctrl-C during a start leaves the program to its supervisor', async t => {
	const instance = supervised(t, {runner: 'start-test-program test -e ready'});
	const start = instance.start(['start']);
	await waitFor('the program', async () => (await instance.status()).pid);
	await waitFor('the wait', () => start.stdout().includes('. '));
	start.kill('SIGINT');
	t.like(await start.result, {exitCode: 0, signal: null, stderr: ''});
	t.regex(start.stdout(), /\^C\n\ndaemon process started, pid=\d+\n$/);
	t.is((await instance.status()).state, 'starting');
	writeFileSync(instance.at('ready'), '');
	await waitFor('the program', async () => (await instance.status()).state === 'running');
});

test('Ctrl-C during a stop leaves the stop under way', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', slowToEnd);
	await instance.up();
	await waitFor('the program', () => existsSync(instance.at('lives')));
	const stop = instance.start(['stop']);
	await waitFor('the wait', () => stop.stdout().includes('. '));
	stop.kill('SIGINT');
	t.like(await stop.result, {exitCode: 0, signal: null});
	t.is((await instance.status()).state, 'stopping');
	writeFileSync(instance.at('go'), '');
	await waitFor('the end', async () => (await instance.run(['status'])).exitCode === 3);
});

test('Ctrl-C during a stop with --json is no success: what follows by && would find it running', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', slowToEnd);
	await instance.up();
	await waitFor('the program', () => existsSync(instance.at('lives')));
	const stop = instance.start(['stop', '--json']);
	await waitFor('the stop', async () => (await instance.status()).state === 'stopping');
	stop.kill('SIGINT');
	const {exitCode, stdout} = await stop.result;
	t.is(exitCode, 130);
	t.like(JSON.parse(stdout), {outcome: 'interrupted'});
	writeFileSync(instance.at('go'), '');
	await waitFor('the end', async () => (await instance.run(['status'])).exitCode === 3);
});

for (const action of ['wait', 'logtail']) {
	test(`Ctrl-C ends ${action} in order`, async t => {
		const instance = supervised(t, {runner: 'transcript log'});
		const {pid} = await instance.up();
		writeFileSync(instance.at('log'), 'a line\n');
		const waiting = instance.start([action]);
		await waitFor('the wait', () => waiting.stdout() !== '');
		waiting.kill('SIGINT');
		t.like(await waiting.result, {exitCode: 0, signal: null, stderr: ''});
		t.is((await instance.status()).pid, pid);
	});
}

test('stop-timeout 0 never kills, and the next request is still heard', async t => {
	const instance = supervised(t, {program: './program', runner: 'stop-timeout 0'});
	instance.script('program', slowToEnd);
	const {pid} = await instance.up();
	await waitFor('the program', () => existsSync(instance.at('lives')));
	const stop = instance.start(['stop']);
	await waitFor('the stop', async () => (await instance.status()).state === 'stopping');
	t.like(await instance.run(['kill', 'KILL']), {
		exitCode: 0,
		stdout: `kill(${pid}, 9)\nsignal SIGKILL sent to process ${pid}\n`,
	});
	t.is((await stop.result).exitCode, 0);
	t.is((await instance.run(['status'])).exitCode, 3);
});

test('a program that forks and ends is not taken for one that runs', async t => {
	const instance = supervised(t, {program: './program'});
	instance.script('program', '#!/bin/sh\nsleep 600 &\necho $! > child\n');
	const {exitCode, stderr} = await instance.run(['start']);
	t.is(exitCode, 1);
	t.regex(stderr, /the program ended at once, without an error \(exit status 0\)/);
	t.false(isAlive(Number(readFileSync(instance.at('child'), 'utf8'))));
});
