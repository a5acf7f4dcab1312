import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {copyCheckout} from '../helpers/checkout.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {type Result, runCommand} from '../helpers/zeoctl.js';

// A client that talks to the server at the port of its second argument.
const client = `
import sys, transaction, ZEO
action, port = sys.argv[1], int(sys.argv[2])
connection = ZEO.connection(('127.0.0.1', port), wait_timeout=30)
root = connection.root()
if action == 'commit':
    root['words'] = 'written before the crash'
    transaction.commit()
print(root['words'])
connection.close()
`;

type Checkout = {
	npm(...args: string[]): Promise<Result>;
	zeoctl(...args: string[]): Promise<Result>;
	python(action: string): Promise<Result>;
	port(): string;
};

const openCheckout = (t: ExecutionContext, folder: string): Checkout => {
	copyCheckout(folder);
	const conf = path.join(folder, 'demo/etc/demo-zeoctl.conf');
	const run = (...argv: [string, ...string[]]): Promise<Result> =>
		runCommand(t, argv, {cwd: folder, limitMs: 5 * 60_000});
	const port = (): string => {
		const text = readFileSync(path.join(folder, 'demo/etc/demo-zeo.conf'), 'utf8');
		return /address 127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? '';
	};
	return {
		npm: (...args) => run('npm', '--silent', ...args),
		zeoctl: (...args) => run(process.execPath, 'dist/zeoctl.cjs', '-C', conf, ...args),
		python: action => run(path.join(folder, 'demo/env/bin/python'), '-c', client, action, port()),
		port,
	};
};

const connect = async (port: string): Promise<void> => {
	const socket = net.connect(Number(port), '127.0.0.1');
	await once(socket, 'connect');
	socket.destroy();
};

const programPid = async ({zeoctl}: Checkout): Promise<number | undefined> => {
	const {stdout, exitCode} = await zeoctl('status', '--json');
	if (exitCode !== 0) return undefined;
	const {pid, state}: {pid: number | null; state: string} = JSON.parse(stdout);
	return state === 'running' && pid !== null ? pid : undefined;
};

test.serial(
	'npm start brings up a server whose data survive a crash, npm stop ends it',
	async t => {
		t.timeout(10 * 60_000);
		const folder = path.join(temporaryFolder(t), 'a fresh clone');
		const checkout = openCheckout(t, folder);

		const idle = await checkout.npm('stop');
		t.is(idle.exitCode, 0, idle.stdout + idle.stderr);

		const first = await checkout.npm('start');
		if (first.exitCode !== 0 && /cannot be reached/.test(first.stderr)) {
			skip(t, first.stderr);
			return;
		}
		t.is(first.exitCode, 0, first.stdout + first.stderr);
		t.is(first.stdout.split('\nNext:\n')[1]?.trimEnd().split('\n').length, 3, first.stdout);
		const port = checkout.port();
		t.true(Number(port) >= 8100);
		await t.notThrowsAsync(connect(port), 'the server answers as soon as npm start is done');
		const pid = await programPid(checkout);
		t.truthy(pid);

		const committed = await checkout.python('commit');
		t.is(committed.stdout, 'written before the crash\n', committed.stderr);

		process.kill(pid ?? 0, 'SIGKILL');
		const next = await waitFor('the server after its crash', async () => {
			const now = await programPid(checkout);
			return now === pid ? undefined : now;
		});
		const read = await checkout.python('read');
		t.is(read.stdout, 'written before the crash\n', read.stderr);

		const again = await checkout.npm('start');
		t.is(again.exitCode, 0, again.stdout + again.stderr);
		t.is(await programPid(checkout), next);
		t.is(checkout.port(), port);

		const stop = await checkout.npm('stop');
		t.is(stop.exitCode, 0, stop.stdout + stop.stderr);
		t.is((await checkout.zeoctl('status')).exitCode, 3);
		t.false(existsSync(`/proc/${next}`));

		const stopped = await checkout.npm('stop');
		t.is(stopped.exitCode, 0, stopped.stdout + stopped.stderr);
	},
);
