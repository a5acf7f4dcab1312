import {spawnSync} from 'node:child_process';
import {chmodSync, cpSync, mkdirSync, readdirSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

type User = {readonly name: string; readonly uid?: number; readonly gid?: number};

const present: User = {name: os.userInfo().username};
const ordinary: User = {name: 'an ordinary user', uid: 65534, gid: 65534};
const users = process.getuid?.() === 0 ? [present, ordinary] : [present];

const folder = path.join(projectRoot, 'test/conformance');
const scenarios = readdirSync(path.join(folder, 'zdaemon')).map(file =>
	path.basename(file, '.json'),
);

// Programs of root's home are out of reach for others.
const runnable = (names: readonly string[], {uid, gid}: User, cwd: string): string | undefined =>
	names.find(name => {
		const identity = uid === undefined || gid === undefined ? {} : {uid, gid};
		return spawnSync(name, ['--version'], {cwd, ...identity}).status === 0;
	});

for (const user of users) {
	test.serial(`every recorded scenario of zdaemon holds for ${user.name}`, async t => {
		t.timeout(10 * 60 * 1000);
		const root = temporaryFolder(t);
		const temporary = path.join(root, 't');
		mkdirSync(temporary);
		chmodSync(root, 0o755);
		chmodSync(temporary, 0o1777);
		cpSync(path.join(projectRoot, 'dist'), path.join(root, 'dist'), {recursive: true});
		cpSync(folder, path.join(root, 'conformance'), {recursive: true});

		const python = runnable(['python3', '/usr/bin/python3'], user, root);
		const node = runnable([process.execPath, 'node', '/usr/bin/node'], user, root);
		if (python === undefined || node === undefined) {
			skip(t, `${user.name} may not run ${python === undefined ? 'python3' : 'node'}`);
			return;
		}
		const command = `'${node}' '${path.join(root, 'dist/zeoctl.cjs')}'`;
		const replay = path.join(root, 'conformance/replay.py');
		const {name, ...identity} = user;
		const {stdout, stderr, exitCode} = await runCommand(
			t,
			[python, replay, '--cmd', command, '--zeoctl-cmd', command, '--jobs', '3'],
			{...identity, cwd: root, env: {TMPDIR: temporary, HOME: temporary}, limitMs: 9 * 60 * 1000},
		);
		const passed = [...stdout.matchAll(/^pass (\S+)/gm)].map(match => match[1]);
		t.deepEqual(passed, scenarios.toSorted(), `${name}: ${stdout}${stderr}`);
		t.is(exitCode, 0);
	});
}
