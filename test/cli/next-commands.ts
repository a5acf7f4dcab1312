import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {nextCommands} from '../../src/cli/next-commands.js';
import {fakeSystem} from '../helpers/fake-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** Where only root puts programs. */
const installed = '/usr/bin/env';
const programs = {node: installed, script: installed, launcher: installed};

/** An instance, seen from the folder that it is in. */
const instance = (t: ExecutionContext, euid: number, isForService: boolean) => {
	const cwd = temporaryFolder(t);
	const services = isForService ? ['etc/systemd', 'etc/init.d'] : [];
	for (const each of ['bin', ...services])
		mkdirSync(path.join(cwd, 'shop', each), {recursive: true});
	writeFileSync(path.join(cwd, 'shop/bin/zeoctl'), '');
	return {system: fakeSystem([], {cwd, euid}), folder: path.join(cwd, 'shop')};
};

test('what can be started or installed is', t => {
	const {system, folder} = instance(t, 1000, true);
	const {start, install} = nextCommands(system, folder, {programs});
	t.deepEqual(
		{start, install},
		{start: 'shop/bin/zeoctl start', install: 'sudo shop/bin/zeoctl install'},
	);
});

test('a user who does not exist yet is made by the installation', t => {
	const {system, folder} = instance(t, 0, true);
	const {start, install} = nextCommands(system, folder, {lacksUser: 'zeoadm', programs});
	t.deepEqual({start, install}, {start: undefined, install: 'shop/bin/zeoctl install'});
});

test('where others could exchange zeoctl, which an installation refuses, none is proposed', t => {
	const {system, folder} = instance(t, 0, true);
	const shared = {...programs, script: path.join(folder, 'dist/zeoctl.cjs')};
	mkdirSync(path.dirname(shared.script), {mode: 0o755});
	chmodSync(folder, 0o777);
	const {start, install} = nextCommands(system, folder, {lacksUser: 'zeoadm', programs: shared});
	t.is(install, undefined);
	t.regex(start ?? '', /^useradd .* zeoadm && .* && shop\/bin\/zeoctl start$/);
	t.is(nextCommands(system, folder, {programs: shared}).start, 'shop/bin/zeoctl start');
});

test('where there can be no service, the user is made and given the files before the start', t => {
	const {system, folder} = instance(t, 0, false);
	const {start, install} = nextCommands(system, folder, {lacksUser: 'zeoadm', programs});
	t.is(install, undefined);
	t.is(
		start,
		'useradd --system --user-group zeoadm && shop/bin/zeoctl init --update shop && shop/bin/zeoctl start',
	);
});

test('whoever is not root needs its rights to make the user', t => {
	const {system, folder} = instance(t, 1000, false);
	t.is(
		nextCommands(system, folder, {lacksUser: 'zeoadm', programs}).start,
		'sudo useradd --system --user-group zeoadm && sudo shop/bin/zeoctl init --update shop && sudo shop/bin/zeoctl start',
	);
});
