import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {loadSettings} from '../../src/settings/load.js';
import {findProgramServer} from '../../src/settings/program-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const serverOf = (t: ExecutionContext<unknown>, program: string) => {
	const cwd = temporaryFolder(t);
	writeFileSync(
		path.join(cwd, 'zeo.conf'),
		`<zeo>
  address 127.0.0.1:8100
</zeo>
<mappingstorage 1>
</mappingstorage>
<runner>
  program ${program}
</runner>
`,
	);
	const options = {environment: {PATH: '/bin'}, cwd};
	const settings = loadSettings({...options, overrides: {configFile: 'zeo.conf'}});
	return findProgramServer(settings, options);
};

test('a program that is a server is expected to answer', t => {
	t.like(serverOf(t, '/opt/bin/runzeo -C zeo.conf'), {zeo: {address: {port: 8100}}});
});

test('a server whose conf cannot be used is a server still', t => {
	t.is(serverOf(t, '/opt/bin/runzeo -C missing.conf'), 'unreadable');
});

test('any other program is not, whatever sections the file has', t => {
	t.is(serverOf(t, 'sleep 100'), undefined);
});
