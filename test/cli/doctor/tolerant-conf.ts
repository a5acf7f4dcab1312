import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readTolerantly} from '../../../src/cli/doctor/tolerant-conf.js';
import {checkConfiguration} from '../../../src/settings/check.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const read = (t: ExecutionContext<unknown>, own: string, server: string) => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'zeo.conf'), server);
	writeFileSync(path.join(cwd, 'z.conf'), own.replaceAll('{folder}', cwd));
	const options = {overrides: {configFile: path.join(cwd, 'z.conf')}, environment: {}, cwd};
	return readTolerantly(options, checkConfiguration(options));
};

const own = (more: string): string =>
	`<runner>\n  program runzeo -C {folder}/zeo.conf\n${more}</runner>\n`;
const server = (more: string): string =>
	`<zeo>\n  address 8100\n${more}</zeo>\n<filestorage main>\n  path Data.fs\n</filestorage>\n`;

test('a line with a mistake is passed over, the others count', t => {
	const {settings} = read(t, own('  umsk 22\n  backoff-limit 7\n  daemon 1\n'), server(''));
	t.is(settings?.runner.backoffLimit, 7);
});

test('mistakes of the own conf and of the server are passed over one after the other', t => {
	const found = read(t, own('  umsk 22\n'), server('  monitor-address 8101\n  read-only maybe\n'));
	t.is(found.settings?.runner.program[0], 'runzeo');
	t.is(found.server?.storages[0]?.name, 'main');
});

test('a section of an unknown type is passed over with its end', t => {
	const found = read(t, `${own('')}<helth>\n</helth>\n`, server(''));
	t.is(found.server?.storages[0]?.name, 'main');
});

test('a folder that has gone does not hide the storage in it', t => {
	const gone = server('').replace('Data.fs', '/nowhere/at/all/Data.fs');
	t.is(read(t, own(''), gone).server?.storages[0]?.path, '/nowhere/at/all/Data.fs');
});

test('what is then missing stays missing', t => {
	const found = read(t, '<runner>\n  progam x\n</runner>\n', server(''));
	t.is(found.settings, undefined);
	t.is(found.server, undefined);
});
