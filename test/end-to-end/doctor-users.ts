import {chmodSync, chownSync, mkdirSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {DoctorDocument} from '../../src/cli/doctor/document.js';
import {nobody, publicPlace} from '../helpers/supervised.js';
import {type Result, type RunOptions, runCommand} from '../helpers/zeoctl.js';

/** An instance that everybody can see, and a doctor that anybody can ask. */
const makeInstance = async (t: ExecutionContext, user: string) => {
	const place = await publicPlace(t);
	if (place === undefined) return undefined;
	const {folder, command} = place;
	const conf = path.join(folder, 'z.conf');
	const state = path.join(folder, 'var');
	mkdirSync(state, {mode: 0o755});
	writeFileSync(
		conf,
		`<runner>\n  program sleep 600\n  ${user}\n  socket-name ${state}/sock\n  directory ${folder}\n</runner>\n`,
	);
	chmodSync(conf, 0o644);
	const run = (words: readonly string[], options: RunOptions = {}): Promise<Result> =>
		runCommand(t, [process.execPath, command, '-C', conf, ...words], {cwd: folder, ...options});
	return {
		...{folder, conf, state, run},
		async examine(options: RunOptions = {}) {
			const {stdout, exitCode} = await run(['doctor', '--json'], options);
			const document: DoctorDocument = JSON.parse(stdout);
			const found = (name: string) => document.checks.find(each => each.name === name)?.findings[0];
			return {...document, exitCode, found};
		},
	};
};

test('root sees what the user of the instance may do, and the printed command changes it', async t => {
	const instance = await makeInstance(t, 'user nobody');
	if (instance === undefined) return;
	const {state, examine} = instance;
	const sick = await examine();
	const finding = sick.found('control-socket');
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /belongs to root with mode 0755; the program runs as nobody/);
	t.is(finding?.command, `chown nobody ${state}`);
	t.is((await runCommand(t, ['sh', '-c', finding?.command ?? 'false'])).exitCode, 0);
	t.is((await examine()).found('control-socket')?.level, 'ok');
	t.is(statSync(state).uid, nobody.uid);
});

test('root sees a conf that the user of the instance cannot read', async t => {
	const instance = await makeInstance(t, 'user nobody');
	if (instance === undefined) return;
	chmodSync(instance.conf, 0o600);
	const finding = (await instance.examine()).found('conf-files');
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /z\.conf' may not be used/);
});

test('somebody else is told what cannot be seen, and that is no error', async t => {
	const instance = await makeInstance(t, '');
	if (instance === undefined) return;
	const {run, examine} = instance;
	t.is((await run(['start'])).exitCode, 0);
	const seen = await examine({...nobody});
	t.is(seen.found('supervisor')?.level, 'unknown');
	t.is(seen.found('control-socket')?.level, 'unknown');
	t.deepEqual(
		seen.checks.filter(({level}) => level === 'error'),
		[],
	);
	t.is(seen.exitCode, 0);
	t.is((await examine()).found('supervisor')?.level, 'ok');
	t.is((await run(['stop'])).exitCode, 0);
});

test('root sees what whoever has started the instance may do, where the conf names nobody', async t => {
	const instance = await makeInstance(t, '');
	if (instance === undefined) return;
	const {state, run, examine} = instance;
	chownSync(state, nobody.uid, nobody.gid);
	for (const action of ['start', 'stop']) t.is((await run([action], nobody)).exitCode, 0);
	const seen = await examine();
	t.deepEqual(
		seen.checks.filter(({level}) => level === 'unknown'),
		[],
	);
	t.is(seen.found('user')?.message, `nobody (uid ${nobody.uid})`);
	chownSync(state, 0, 0);
	t.is((await examine()).found('control-socket')?.command, `chown nobody ${state}`);
});

test('a conf that names nobody is judged for the owner of its files, not for whoever types', async t => {
	const place = await publicPlace(t);
	if (place === undefined) return;
	const {folder, command} = place;
	const conf = path.join(folder, 'zeo.conf');
	writeFileSync(
		conf,
		`<zeo>\n  address 127.0.0.1:1\n</zeo>\n<filestorage main>\n  path ${folder}/Data.fs\n</filestorage>\n<runner>\n  program runzeo -C ${conf}\n  socket-name ${folder}/sock\n</runner>\n`,
	);
	writeFileSync(path.join(folder, 'Data.fs'), '');
	chmodSync(conf, 0o644);
	const say = async (...words: readonly string[]): Promise<string> => {
		const {stdout} = await runCommand(t, [process.execPath, command, '-C', conf, ...words], {
			cwd: folder,
			...nobody,
		});
		return stdout;
	};
	for (const verb of ['check', 'doctor']) {
		const said = await say(verb);
		t.notRegex(said, /who runs the server/, verb);
		t.notRegex(said, /chown/, verb);
	}
});

test('folders of the system are never given to the user of an instance', async t => {
	const place = await publicPlace(t);
	if (place === undefined) return;
	const {folder, command} = place;
	const conf = path.join(folder, 'zeo.conf');
	writeFileSync(
		conf,
		`<zeo>\n  address 127.0.0.1:1\n</zeo>\n<filestorage main>\n  path /var/lib/Data.fs\n  blob-dir /etc\n</filestorage>\n<eventlog>\n  <logfile>\n    path /var/log/zeo-h.log\n  </logfile>\n</eventlog>\n<runner>\n  user nobody\n  program runzeo -C ${conf}\n  socket-name ${folder}/sock\n</runner>\n`,
	);
	const {stdout} = await runCommand(t, [process.execPath, command, '-C', conf, 'doctor'], {
		cwd: folder,
	});
	t.notRegex(stdout, /chown .*(?:\/var|\/etc)/);
	for (const shared of ['/var/log', '/var/lib', '/etc'])
		t.regex(stdout, new RegExp(`: install -d -o nobody ${shared}/zeo-nobody`));
});
