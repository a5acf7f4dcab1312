import {once} from 'node:events';
import {cpSync, existsSync, readFileSync, renameSync} from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {copyCheckout, copySources} from '../helpers/checkout.js';
import {skip} from '../helpers/python.js';
import {nobody, publicPlace} from '../helpers/supervised.js';
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
	return checkoutIn(t, folder);
};

const checkoutIn = (t: ExecutionContext, folder: string): Checkout => {
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
		t.true(first.stdout.includes(`\nClients find the server at 127.0.0.1:${port}.\n`));
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

		const occupant = net.createServer().listen(Number(port), '127.0.0.1');
		await once(occupant, 'listening');
		t.teardown(() => occupant.close());
		const elsewhere = await checkout.npm('start');
		t.is(elsewhere.exitCode, 0, elsewhere.stdout + elsewhere.stderr);
		t.true(Number(checkout.port()) > Number(port));
		const told = `port ${port} is taken by another process: the server moves to ${checkout.port()}, in demo/etc/demo-zeo.conf\n`;
		t.true(elsewhere.stdout.includes(told), elsewhere.stdout);
		await checkout.npm('stop');

		const place = path.join(path.dirname(folder), 'moved');
		renameSync(folder, place);
		const moved = checkoutIn(t, place);
		const after = await moved.npm('start');
		t.is(after.exitCode, 0, after.stdout + after.stderr);
		t.is((await moved.python('read')).stdout, 'written before the crash\n');
		await moved.npm('stop');
	},
);

test('whoever starts the demo in a checkout of somebody else is told whose it is', async t => {
	const place = await publicPlace(t);
	if (place === undefined) return;
	const folder = path.join(place.folder, 'checkout');
	copySources(folder);
	cpSync(path.join(place.folder, 'dist'), path.join(folder, 'dist'), {recursive: true});
	const {stderr, exitCode} = await runCommand(t, [process.execPath, 'scripts/demo.mjs', 'start'], {
		...{cwd: folder, ...nobody},
		env: {npm_lifecycle_event: 'start'},
	});
	t.is(exitCode, 1);
	const owner = os.userInfo().username;
	t.is(
		stderr,
		`cannot write to ${folder}: it belongs to ${owner}, this is nobody\ntype: sudo -u ${owner} npm run start\n`,
	);
});
