import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {type Supervised, supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {startCommand, zeoctlFile} from '../helpers/zeoctl.js';

const tasksOf = (pid: number): readonly string[] =>
	fs.readdirSync(`/proc/${pid}/task`).map(task => `/proc/${pid}/task/${task}`);

/** A process and all below it. */
const familyOf = (pid: number): readonly number[] => [
	pid,
	...tasksOf(pid)
		.flatMap(task => fs.readFileSync(`${task}/children`, 'latin1').split(' '))
		.filter(Boolean)
		.flatMap(child => familyOf(Number(child))),
];

/** How often the threads of processes have gone to sleep, which they do once per wake-up. */
const sleeps = (pids: readonly number[]): number =>
	pids
		.flatMap(tasksOf)
		.map(task => fs.readFileSync(`${task}/status`, 'latin1'))
		.reduce((sum, text) => sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(text)?.[1]), 0);

const threeQuietSeconds = (pids: () => readonly number[]): Promise<boolean> =>
	waitFor('three quiet seconds', async () => {
		const before = sleeps(pids());
		await sleep(3000);
		return sleeps(pids()) === before;
	});

/** A shell that pipes what `logtail` shows of a file into another command. */
const tailInto = (reader: string, {at}: Supervised): [string, ...string[]] => [
	...(['sh', '-c', `"$0" "$1" -C "$2" logtail "$3" | ${reader}`] as const),
	...[process.execPath, zeoctlFile, at('d.conf'), at('a.log')],
];

test('to follow a log costs no wake-up while nothing is written', async t => {
	const {start, at} = supervised(t);
	fs.writeFileSync(at('a.log'), 'one\ntwo\n');
	const tail = start(['logtail', '-n', '1', at('a.log')]);
	await waitFor('the last line', () => tail.stdout() === 'two\n');
	await threeQuietSeconds(() => [tail.pid]);
	fs.appendFileSync(at('a.log'), 'three\n');
	await waitFor('the new line', () => tail.stdout() === 'two\nthree\n');
	tail.kill('SIGINT');
	await tail.result;
	t.pass();
});

test('nor does it into a pipe, with all that is started for that', async t => {
	const place = supervised(t);
	const {folder, at} = place;
	fs.writeFileSync(at('a.log'), 'one\n');
	const tail = startCommand(t, tailInto('cat', place), {cwd: folder});
	await waitFor('the line', () => tail.stdout() === 'one\n');
	await threeQuietSeconds(() => familyOf(tail.pid));
	fs.appendFileSync(at('a.log'), 'two\n');
	await waitFor('the new line', () => tail.stdout() === 'one\ntwo\n');
	const family = familyOf(tail.pid);
	t.true(family.length > 2);
	for (const pid of family) process.kill(pid, 'SIGTERM');
	await tail.result;
});

test('to follow a log ends when nobody reads any more, although nothing is written', async t => {
	const place = supervised(t);
	const {folder, at} = place;
	fs.writeFileSync(at('a.log'), 'one\ntwo\n');
	const tail = startCommand(t, tailInto('head -n 1', place), {cwd: folder});
	const {stdout, stderr, exitCode} = await tail.result;
	t.deepEqual({stdout, stderr, exitCode}, {stdout: 'one\n', stderr: '', exitCode: 0});
});

test('a follower that is killed leaves nobody behind who holds its output', async t => {
	const place = supervised(t);
	const {folder, at} = place;
	fs.writeFileSync(at('a.log'), 'one\n');
	const tail = startCommand(t, tailInto('cat', place), {cwd: folder});
	await waitFor('the line', () => tail.stdout() === 'one\n');
	const follower = () =>
		familyOf(tail.pid).find(pid => fs.readlinkSync(`/proc/${pid}/exe`) === process.execPath);
	await waitFor('the follower', () => follower() !== undefined);
	process.kill(follower() ?? 0, 'SIGKILL');
	t.is((await tail.result).stdout, 'one\n');
});
