import {chmodSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {container, hasContainers} from '../helpers/container.js';
import {
	answers,
	begin,
	type Guarded,
	guard,
	isRefused,
	isUp,
	makeInstance,
} from '../helpers/guarded.js';
import {skip} from '../helpers/python.js';
import {nobody, publicPlace} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';
import {type Result, runCommand, zeoctlFile} from '../helpers/zeoctl.js';

const runInside = (t: ExecutionContext, {conf}: Guarded, word: string): Promise<Result> =>
	runCommand(t, [...container, process.execPath, zeoctlFile, '-C', conf, word], {
		cwd: path.dirname(conf),
	});

const runzeo = (python: string): string => path.join(path.dirname(python), 'runzeo');

guard(
	'promise 1: a server inside of a container is not joined by a second one outside',
	async (t, python, folder) => {
		if (!(await hasContainers(t))) return;
		const other = await makeInstance(t, python, {folder, name: 'other'});
		const server = begin(t, [...container, runzeo(python), '-C', other.conf]);
		await waitFor('the server', () => answers(other));
		const one = await makeInstance(t, python, {folder});
		isRefused(t, await one.run('start'), /Data\.fs' is in use by process \d+ .*runzeo/);
		server.kill('SIGKILL');
		await waitFor('its end', () => server.exitCode !== null || server.signalCode !== null);
		await one.start();
		t.true(await answers(one));
	},
);

guard(
	'promise 1: a server outside of a container is not joined by a second one inside, although it cannot be seen',
	async (t, python, folder) => {
		if (!(await hasContainers(t))) return;
		const other = await makeInstance(t, python, {folder, name: 'other'});
		const server = begin(t, [runzeo(python), '-C', other.conf]);
		await waitFor('the server', () => answers(other));
		const one = await makeInstance(t, python, {folder});
		const refused = await runInside(t, one, 'start');
		isRefused(t, refused, /Data\.fs' is in use by a process that is not visible/);
		t.regex(refused.stderr, /container/);
		server.kill('SIGTERM');
	},
);

guard(
	'promise 1: a guarded server whose supervisor has died is neither joined nor taken over from inside of a container',
	async (t, python, folder) => {
		if (!(await hasContainers(t))) return;
		const one = await makeInstance(t, python, {folder});
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		isRefused(
			t,
			await runInside(t, one, 'start'),
			/Data\.fs' is in use by a process that is not visible/,
		);
		t.true(isUp(pid));
		t.is(await one.start(), pid);
		t.like(await one.document(), {adopted: true});
	},
);

guard(
	'promise 1: a server of another user whose processes are hidden is not joined by a second one',
	async (t, python, folder) => {
		const place = await publicPlace(t);
		if (place === undefined) return;
		const other = await makeInstance(t, python, {folder, name: 'other'});
		begin(t, [runzeo(python), '-C', other.conf]);
		await waitFor('the server', () => answers(other));

		const one = await makeInstance(t, python, {folder});
		const conf = path.join(folder, 'hidden.conf');
		const sections = `<zeo>\naddress 127.0.0.1:${one.port}\n</zeo>\n<filestorage 1>\npath ${folder}/Data.fs\n</filestorage>\n`;
		writeFileSync(
			conf,
			`${sections}<runner>\nprogram sleep 600\nsocket-name ${folder}/hidden.sock\n</runner>\n`,
		);
		chmodSync(folder, 0o777);
		for (const name of readdirSync(folder)) chmodSync(path.join(folder, name), 0o666);
		const hide = 'mount -t proc -o hidepid=2 proc /proc && exec "$@"';
		const user = ['setpriv', `--reuid=${nobody.uid}`, `--regid=${nobody.gid}`, '--clear-groups'];
		const asHidden = (...words: readonly string[]) =>
			runCommand(t, ['unshare', '--mount', 'sh', '-c', hide, 'sh', ...user, ...words], {
				cwd: folder,
			});

		const seen = await asHidden('sh', '-c', 'ls /proc | grep -c "^[0-9]"');
		if (seen.exitCode !== 0) return skip(t, `cannot hide processes: ${seen.stderr}`);
		t.true(Number(seen.stdout) < 5, seen.stdout);
		const refused = await asHidden(process.execPath, place.command, '-C', conf, 'start');
		isRefused(
			t,
			refused,
			/Data\.fs' is in use by a process( \d+)?( of user id \d+)? that is not visible/,
		);
		t.true(await answers(other));
	},
);
