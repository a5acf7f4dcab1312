import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot} from '../helpers/zeoctl.js';

const launcher = path.join(projectRoot, 'units/notify-launcher');

/** Listens where systemd would, runs a command under the launcher, and prints what it heard. */
const listener = `
import json, os, socket, subprocess, sys
address, *command = sys.argv[1:]
systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
systemd.bind("\\0" + address[1:] if address.startswith("@") else address)
done = subprocess.run(command, env={**os.environ, "NOTIFY_SOCKET": address}, capture_output=True, text=True)
systemd.setblocking(False)
try: heard = systemd.recv(4096).decode()
except BlockingIOError: heard = None
print(json.dumps({"heard": heard, "code": done.returncode, "out": done.stdout, "err": done.stderr}))
`;

const program = `
const fs = require('node:fs');
const fd = Number(process.env.ZEOCTL_NOTIFY);
const flags = /flags:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/fdinfo/' + fd, 'latin1'))[1];
fs.writeSync(fd, 'READY=1');
console.log(JSON.stringify([process.argv.slice(1), process.env.NOTIFY_SOCKET ?? null, (parseInt(flags, 8) & 0o4000) !== 0]));
`;

const python = '/usr/bin/python3';

const hears = (by: 'perl' | 'python3', kind: 'path' | 'abstract'): void => {
	test(`a program under the launcher can write to systemd at a socket with ${kind} name, by ${by}`, async t => {
		const folder = temporaryFolder(t);
		const bin = path.join(folder, 'bin');
		mkdirSync(bin);
		if (by === 'perl') symlinkSync('/usr/bin/perl', path.join(bin, 'perl'));
		else symlinkSync(python, path.join(bin, 'python3'));
		const address = kind === 'path' ? path.join(folder, 'notify') : `@${folder}`;
		const command = [launcher, process.execPath, '-e', program, 'a b', '$x "y"'];
		const {stdout} = await execa(python, ['-c', listener, address, ...command], {
			env: {PATH: bin},
		});
		const {heard, code, out, err} = JSON.parse(stdout);
		t.is(err, '');
		t.is(code, 0);
		t.is(heard, 'READY=1');
		t.deepEqual(JSON.parse(out), [['a b', '$x "y"'], null, true]);
	});
};

hears('perl', 'path');
hears('perl', 'abstract');
hears('python3', 'path');
hears('python3', 'abstract');

test('without systemd the launcher only runs the program', async t => {
	const {stdout} = await execa(
		launcher,
		['sh', '-c', 'echo "${ZEOCTL_NOTIFY-none}" "$@"', 'sh', 'a'],
		{
			env: {NOTIFY_SOCKET: ''},
		},
	);
	t.is(stdout, 'none a');
});

/** A folder of commands for the launcher: systemd-notify, and a systemctl that knows one property. */
const withTool = (t: ExecutionContext, access: string): string => {
	const bin = temporaryFolder(t);
	writeFileSync(path.join(bin, 'systemd-notify'), '#!/bin/sh\n', {mode: 0o755});
	writeFileSync(path.join(bin, 'systemctl'), `#!/bin/sh\necho ${access}\n`, {mode: 0o755});
	symlinkSync('/bin/sed', path.join(bin, 'sed'));
	return bin;
};

const launch = (bin: string, ...command: readonly string[]) =>
	execa(launcher, command, {env: {NOTIFY_SOCKET: '/nowhere', PATH: bin}, reject: false});

test('where neither perl nor python3 is installed the program gets systemd-notify', async t => {
	for (const access of ['all', '']) {
		const bin = withTool(t, access);
		const program = ['/bin/sh', '-c', 'echo "$NOTIFY_SOCKET $ZEOCTL_NOTIFY" "$@"', 'sh', 'a  b'];
		const {stdout, stderr} = await launch(bin, ...program);
		t.is(stderr, '');
		t.is(stdout, `/nowhere ${bin}/systemd-notify a  b`);
	}
});

test('a unit that would not hear systemd-notify is told', async t => {
	const {exitCode, stderr} = await launch(withTool(t, 'main'), 'true');
	t.is(exitCode, 1);
	t.regex(stderr, /systemd-notify needs NotifyAccess=all/);
});

test('where nothing reaches systemd the launcher says so', async t => {
	const {exitCode, stderr} = await launch(temporaryFolder(t), 'true');
	t.is(exitCode, 1);
	t.is(stderr, 'cannot reach systemd: neither perl nor python3 nor systemd-notify is installed');
});

test('a socket that nobody listens on is named', async t => {
	const name = path.join(temporaryFolder(t), 'nobody');
	const {exitCode, stderr} = await execa(launcher, ['true'], {
		env: {NOTIFY_SOCKET: name},
		reject: false,
	});
	t.not(exitCode, 0);
	t.regex(stderr, new RegExp(`cannot reach systemd at ${name}`));
});
