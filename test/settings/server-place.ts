import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {loadSettings} from '../../src/settings/load.js';
import {serverPlace} from '../../src/settings/server-place.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a program works in its directory, and writes where the file says', t => {
	const cwd = temporaryFolder(t);
	const configFile = path.join(cwd, 'd.conf');
	writeFileSync(
		configFile,
		`<runner>\n program x\n directory ${cwd}\n transcript out.log\n</runner>
<eventlog>\n <logfile>\n path /var/log/zeo.log\n </logfile>\n <logfile>\n path STDOUT\n </logfile>\n</eventlog>\n`,
	);
	const settings = loadSettings({overrides: {configFile}, environment: {}, cwd: '/'});
	t.deepEqual(serverPlace(settings, '/'), {
		directory: cwd,
		logs: [path.join(cwd, 'out.log'), '/var/log/zeo.log'],
		stateDirectory: '/.zdsock.d',
	});
});

test('without a file it works where it was called', t => {
	const settings = loadSettings({overrides: {program: ['x']}, environment: {}, cwd: '/tmp'});
	t.deepEqual(serverPlace(settings, '/tmp'), {
		directory: '/tmp',
		logs: [],
		stateDirectory: '/tmp/.zdsock.d',
	});
});
