import {spawn} from 'node:child_process';
import {mkdirSync, rmSync} from 'node:fs';
import test from 'ava';
import {fillUp, tinyFileSystem} from '../helpers/full-device.js';
import {isLockFree} from '../helpers/is-lock-free.js';
import {isAlive, type Supervised, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

type Document = {
	readonly unsupervised: {readonly pid: number} | null;
	readonly alarms: readonly {readonly alarm: string; readonly text: string}[];
};

const documentOf = async (instance: Supervised): Promise<Document> =>
	JSON.parse((await instance.run(['status', '--json'])).stdout);

const killSupervisor = async (manager: number): Promise<void> => {
	process.kill(manager, 'SIGKILL');
	await waitFor('its end', () => !isAlive(manager));
};

test('a start on a full disk warns, status has an alarm, and the program is found without its supervisor', async t => {
	const folder = tinyFileSystem(t);
	if (folder === undefined) return;
	const output = temporaryFolder(t);
	const instance = supervised(t, {folder, runner: `transcript ${output}/out`});
	fillUp(folder);
	const {exitCode, stderr} = await instance.run(['start']);
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /^cannot write the run state in '.*\/\.sock\.d': no space left on device; /);
	const {pid, manager} = await instance.status();
	const {alarms} = await documentOf(instance);
	t.is(alarms[0]?.alarm, 'run-state');
	t.true(alarms[0]?.text.includes(instance.at('.sock.d')));

	await killSupervisor(manager ?? 0);
	t.is((await documentOf(instance)).unsupervised?.pid ?? null, pid);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.false(isAlive(pid ?? 0));
});

test('a program that is recorded gives no alarm', async t => {
	const instance = supervised(t);
	await instance.up();
	t.deepEqual((await documentOf(instance)).alarms, []);
	await instance.run(['stop']);
});

test('a program that only its lock tells of gets signals, is recorded again, and is stopped', async t => {
	const instance = supervised(t, {program: 'sh -c "trap : HUP; while :; do sleep 1; done"'});
	const {pid, manager} = await instance.up();
	await killSupervisor(manager);
	rmSync(instance.at('.sock.d/program'));
	t.regex((await instance.run(['kill', 'HUP'])).stdout, new RegExp(`sent to process ${pid}\n`));
	t.like(await instance.status(), {pid, adopted: true});
	t.deepEqual((await documentOf(instance)).alarms, []);
	t.is((await instance.run(['stop'])).exitCode, 0);
	t.false(isAlive(pid));
});

test('a program without its supervisor runs, strictly, and a reload says what gives it a new one', async t => {
	const instance = supervised(t);
	const {pid, manager} = await instance.up();
	await killSupervisor(manager);
	const isKnown = async () => {
		t.is((await instance.run(['status'])).exitCode, 3);
		const strict = await instance.run(['status', '--strict']);
		t.is(strict.stdout, 'daemon manager not running\n');
		t.is(strict.exitCode, 0);
		const {exitCode, stderr} = await instance.run(['reload']);
		t.is(exitCode, 1);
		t.regex(
			stderr,
			new RegExp(`no supervisor is running, its program \\(pid ${pid}\\) is; a start `),
		);
	};
	await isKnown();
	rmSync(instance.at('.sock.d/program'));
	await isKnown();
	process.kill(pid, 'SIGKILL');
	await waitFor('its end', () => !isAlive(pid));
	t.is((await instance.run(['status', '--strict'])).exitCode, 3);
});

test('whoever has the lock and is not known to be the program is named, and left alone', async t => {
	const instance = supervised(t);
	mkdirSync(instance.at('.sock.d'), {mode: 0o700});
	const lock = instance.at('.sock.d/program.lock');
	const other = spawn('flock', ['--no-fork', lock, 'sleep', '600'], {stdio: 'ignore'});
	t.teardown(() => other.kill('SIGKILL'));
	await waitFor('the lock', () => !isLockFree(lock));
	for (const action of ['stop', 'kill']) {
		const {exitCode, stdout, stderr} = await instance.run([action]);
		t.is(exitCode, 1, action);
		t.is(stdout, '', action);
		t.regex(
			stderr,
			new RegExp(
				`no supervisor answers, and its lock '${lock}' is held by process ${other.pid} .*\nnext: .* kill ${other.pid}\n`,
			),
			action,
		);
	}
	t.is(other.exitCode, null);
	other.kill('SIGKILL');
	await waitFor('its end', () => isLockFree(lock));
	t.is((await instance.run(['stop'])).stdout, 'daemon manager not running\n');
});
