import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readHistory} from '../../src/history/history.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {runzeo, testWithZeo} from '../helpers/runzeo.js';
import {isAlive, supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

const npmMs = 180_000;

const npm = async (t: ExecutionContext, cwd: string, ...args: string[]): Promise<void> => {
	const done = await runCommand(t, ['npm', ...args], {cwd, limitMs: npmMs});
	t.is(done.exitCode, 0, `npm ${args.join(' ')}: ${done.stderr}`);
};

/** The package as it was built, and one of a later version, both as npm packs them. */
const packBoth = async (t: ExecutionContext, folder: string) => {
	const manifest: {version: string} = JSON.parse(
		readFileSync(path.join(projectRoot, 'package.json'), 'utf8'),
	);
	const {version} = manifest;
	const later = version.replace(/\d$/, digit => (digit === '9' ? '8' : '9'));
	await npm(t, projectRoot, 'pack', '--ignore-scripts', '--pack-destination', folder);
	const file = path.join(folder, `zeoctl-${version}.tgz`);
	const unpacked = await runCommand(t, ['tar', 'xzf', file, '-C', folder]);
	t.is(unpacked.exitCode, 0, unpacked.stderr);
	const changed = path.join(folder, 'package');
	for (const name of readdirSync(changed, {recursive: true, encoding: 'utf8'})) {
		const each = path.join(changed, name);
		if (name.endsWith('.code')) rmSync(each);
		if (!/(?:\.cjs|package\.json)$/.test(name)) continue;
		writeFileSync(each, readFileSync(each, 'utf8').replaceAll(`"${version}"`, `"${later}"`));
	}
	await npm(t, changed, 'pack', '--ignore-scripts', '--pack-destination', folder);
	return {
		present: {version, file},
		next: {version: later, file: path.join(folder, `zeoctl-${later}.tgz`)},
	};
};

testWithZeo(
	'a running supervisor needs no file of its package, a newer one packs, replaces it and stops the server',
	async t => {
		t.timeout(600_000);
		const folder = temporaryFolder(t);
		const {present, next} = await packBoth(t, folder);
		const prefix = path.join(folder, 'prefix');
		const install = async (file: string): Promise<void> =>
			npm(t, folder, 'install', '--global', '--prefix', prefix, '--offline', file);
		await install(present.file);
		const at = path.join(prefix, 'lib/node_modules/zeoctl');
		const server = path.join(folder, 'zeo.conf');
		const place = `<zeo>\n  address 127.0.0.1:${await findFreePort()}\n</zeo>\n`;
		writeFileSync(server, `${place}<filestorage main>\n  path ${folder}/Data.fs\n</filestorage>\n`);
		const instance = supervised(t, {
			command: path.join(prefix, 'bin/zeoctl'),
			program: `${runzeo} -C ${server}`,
			runner: 'transcript log\nbackoff-limit 2',
			sections: '<eventlog>\n  <logfile>\n    path events\n  </logfile>\n</eventlog>\n',
		});
		const first = await instance.up();

		rmSync(at, {recursive: true});
		process.kill(first.pid, 'SIGKILL');
		await waitFor('a program that was started without the package', async () => {
			const starts = readHistory(instance.at('.sock.d')).filter(({event}) => event === 'start');
			return starts.length === 2;
		});
		process.kill(first.manager, 'SIGUSR2');

		await install(next.file);
		const before = await waitFor('the program of after the crash', async () => {
			const status = await instance.status();
			return status.state === 'running' ? status : undefined;
		});
		t.is(before.manager, first.manager);
		const {version} = JSON.parse((await instance.run(['status', '--json'])).stdout);
		t.is(version, present.version);
		const own = await instance.run(['version']);
		t.true(own.stdout.includes(next.version), own.stdout);

		const packed = await instance.run(['pack', '--days', '0', '--json'], {limitMs: npmMs});
		t.is(packed.exitCode, 0, packed.stdout + packed.stderr);

		const reloaded = await instance.run(['reload', '--json'], {limitMs: npmMs});
		t.is(reloaded.exitCode, 0, reloaded.stdout + reloaded.stderr);
		const answer = JSON.parse(reloaded.stdout);
		t.is(answer.version, next.version);
		t.is(answer.before.version, present.version);
		t.is(answer.pid, before.pid);
		t.not(answer.manager, first.manager);
		await waitFor('the end of the old supervisor', () => !isAlive(first.manager));
		t.is((await instance.status()).restarts, before.restarts);

		const stopped = await instance.run(['stop']);
		t.is(stopped.exitCode, 0, stopped.stdout + stopped.stderr);
		t.false(isAlive(before.pid ?? 0));
	},
);

test('an older supervisor and a newer zeoctl understand each other', async t => {
	t.timeout(600_000);
	const folder = temporaryFolder(t);
	const {present, next} = await packBoth(t, folder);
	const places = [present, next].map(({file}, index) => ({
		file,
		prefix: path.join(folder, `prefix-${index}`),
	}));
	for (const {file, prefix} of places) {
		await npm(t, folder, 'install', '--global', '--prefix', prefix, '--offline', file);
	}
	const [old = '', young = ''] = places.map(({prefix}) => path.join(prefix, 'bin/zeoctl'));
	const instance = supervised(t, {command: old});
	const {manager} = await instance.up();
	const options = supervised(t, {command: young, folder: instance.folder});
	const status = JSON.parse((await options.run(['status', '--json'])).stdout);
	t.is(status.version, present.version);
	t.is(status.manager, manager);
	const stopped = await options.run(['stop']);
	t.is(stopped.exitCode, 0, stopped.stdout + stopped.stderr);
});

// What a supervisor reads of its package after it has started would be missing, or newer, after an upgrade.
test('the supervisor reads no other file of the package but those that its conf asks for, when it starts', t => {
	const text = readFileSync(path.join(projectRoot, 'dist/lib/supervisor.cjs'), 'utf8');
	const own = [...text.matchAll(/require\("(\.[^"]+)"\)/g)].map(([, name]) => name);
	t.deepEqual([...new Set(own)].toSorted(), [
		'./health.cjs',
		'./monitor.cjs',
		'./pack-schedule.cjs',
		'./pino-log.cjs',
		'./pump-output.cjs',
		'./syslog.cjs',
	]);
	const computed = [...text.matchAll(/\brequire\((?!")/g)];
	t.deepEqual(computed, []);
});
