import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../src/cli/main.js';
import {resolveServer} from '../../src/settings/server.js';
import {fakeSession, fakeSystem, reached, type Scene} from '../helpers/fake-system.js';
import {begin} from '../helpers/guarded.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

/** A conf with everything in it, whose server has its database open in a folder that is then deleted. */
const scene = async (t: ExecutionContext) => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'zeo.conf');
	const folder = path.join(cwd, 'db');
	const data = path.join(folder, 'Data.fs');
	writeFileSync(
		conf,
		`<zeo>\n address 1\n</zeo>\n<filestorage main>\n path ${data}\n</filestorage>
<runner>\n program runzeo -C ${conf}\n socket-name ${cwd}/sock\n</runner>\n`,
	);
	mkdirSync(folder);
	writeFileSync(data, 'FS30');
	const server = begin(t, ['sh', '-c', 'exec 3<>"$0"; exec sleep 600', data]);
	t.teardown(() => server.kill('SIGKILL'));
	await waitFor('the file to be open', () => existsSync(`/proc/${server.pid}/fd/3`));
	rmSync(folder, {recursive: true});
	const world: {contact: NonNullable<Scene['contact']>} = {
		contact: reached(fakeSession(runningStatus({pid: server.pid ?? null}))),
	};
	const run = async (action: string) => {
		const system = fakeSystem(['-C', conf, action], {
			...{cwd, terminal: true},
			...world,
			resolveServer: settings => resolveServer(settings, {environment: {}, cwd}).server,
		});
		const code = await main(system);
		return {code, ...system.written};
	};
	return {
		...{conf, data, run},
		async end() {
			server.kill('SIGKILL');
			await waitFor('its end', () => server.signalCode !== null);
			world.contact = {contact: 'absent'};
		},
	};
};

for (const action of ['status', 'stop', 'start', 'restart']) {
	test(`a ${action} that is refused because the folder of the database has gone names rescue while a server has it`, async t => {
		const {conf, data, run, end} = await scene(t);
		const {code, stderr} = await run(action);
		t.is(code, 2);
		t.regex(stderr, new RegExp(`^Error: The directory named as part of the path ${data} does not`));
		const rescue = `zeoctl -C ${conf} rescue`;
		t.true(stderr.endsWith(`\nnext: do not end the server that runs before this: ${rescue}\n`));

		await end();
		t.true((await run(action)).stderr.endsWith(`\nnext: zeoctl -C ${conf} check\n`));
	});
}

test('a conf with another mistake is refused as ever', async t => {
	const {conf, run} = await scene(t);
	writeFileSync(conf, 'nonsense <', {flag: 'a'});
	t.true((await run('status')).stderr.endsWith(`\nnext: zeoctl -C ${conf} check\n`));
});
