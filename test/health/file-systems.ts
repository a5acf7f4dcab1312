import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {listPaths, measureRooms} from '../../src/health/file-systems.js';
import {loadSettings} from '../../src/settings/load.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('every path of the confs is among them, once', t => {
	const folder = temporaryFolder(t);
	const configFile = path.join(folder, 'zeoctl.conf');
	writeFileSync(
		configFile,
		`<runner>
 program sleep 1
 socket-name ${folder}/run/z.sock
 transcript ${folder}/out.log
</runner>
<eventlog>
 <logfile>
  path ${folder}/event.log
 </logfile>
 <logfile>
  path STDOUT
 </logfile>
</eventlog>
<zeoctl>
 state-directory ${folder}/state
</zeoctl>
`,
	);
	const settings = loadSettings({overrides: {configFile}, environment: {}, cwd: folder});
	const server = {
		confPath: undefined,
		zeo: {
			address: {family: 'inet', host: '', port: 1},
			readOnly: false,
			transactionTimeout: undefined,
			pidFilename: `${folder}/zeo.pid`,
			tls: undefined,
		},
		storages: [
			{
				name: '1',
				type: 'filestorage',
				path: 'Data.fs',
				blobDirectory: `${folder}/blobs`,
				readOnly: false,
				create: false,
			},
		],
		hasEventLog: true,
		logFiles: [`${folder}/event.log`],
	} as const;
	const names = listPaths(settings, server, folder).map(each => path.relative(folder, each));
	t.deepEqual(names, [
		'Data.fs',
		'blobs',
		'event.log',
		'zeo.pid',
		'run/z.sock',
		'out.log',
		'state',
	]);
});

test('one file system is measured once, under the name of its first path', async t => {
	const folder = temporaryFolder(t);
	const rooms = await measureRooms([
		path.join(folder, 'not-there-yet'),
		folder,
		'/nowhere/at/all/Data.fs',
		'/proc/self/status',
	]);
	t.deepEqual(
		rooms.map(room => room.path),
		[path.join(folder, 'not-there-yet'), '/proc/self/status'],
	);
	t.true((rooms[0]?.freeBytes ?? 0) > 0);
	t.is(rooms[1]?.freeInodesPercent, null);
});
