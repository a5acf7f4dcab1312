import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {isInstalledFor} from '../../src/systemd/installed-unit.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const conf = '/srv/our app/etc/app.conf';

const machine = (t: ExecutionContext, unit: string | undefined) => {
	const folder = temporaryFolder(t);
	if (unit !== undefined) writeFileSync(path.join(folder, 'zeo-app.service'), unit);
	const none = path.join(folder, 'nowhere');
	return {folders: [none, folder], generated: none, scripts: none};
};

const service = `[Service]\nExecStart=/opt/launcher /bin/node zeoctl -C "${conf}" supervise\n`;

test('a unit is that of the conf which it starts', t => {
	const places = machine(t, service);
	t.true(isInstalledFor('zeo-app.service', [conf], places));
	t.true(isInstalledFor('zeo-app.service', ['/other.conf', conf], places));
	t.false(isInstalledFor('zeo-app.service', ['/srv/other/etc/app.conf'], places));
	t.false(isInstalledFor('zeo-other.service', [conf], places));
});

test('a unit that only mentions the conf is not', t => {
	const places = machine(
		t,
		`[Service]\n# ${service}ExecStart=/bin/true\n`.replace('\nExec', ' Exec'),
	);
	t.false(isInstalledFor('zeo-app.service', [conf], places));
});

test('nothing is installed where there is no unit', t => {
	t.false(isInstalledFor('zeo-app.service', [conf], machine(t, undefined)));
});

/** systemd has made a unit of an init script. */
const initMachine = (t: ExecutionContext, script: string) => {
	const places = machine(t, undefined);
	const generated = temporaryFolder(t);
	writeFileSync(path.join(generated, 'zeo-app.service'), '[Service]\nExecStart=x start\n');
	const scripts = temporaryFolder(t);
	writeFileSync(path.join(scripts, 'zeo-app'), script);
	return {...places, generated, scripts};
};

test('a script that systemd runs as a unit is that of its conf, if it names a pid file', t => {
	const script = `#!/bin/sh\n# pidfile: /run/pid\nconf='${conf}'\n`;
	t.true(isInstalledFor('zeo-app.service', [conf], initMachine(t, script)));
	t.false(isInstalledFor('zeo-app.service', ['/srv/other/etc/app.conf'], initMachine(t, script)));
	const older = script.replace(/^# pidfile.*\n/m, '');
	t.false(isInstalledFor('zeo-app.service', [conf], initMachine(t, older)));
});
