import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dataFilesOf, watchServed} from '../../src/daemon/served.js';
import {digestOf} from '../../src/platform/digest.js';
import {loadSettings} from '../../src/settings/load.js';
import {findProgramServer} from '../../src/settings/program-server.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const serverConf = (folder: string, name: string): string => `<zeo>
  address 127.0.0.1:8100
</zeo>
<filestorage main>
  path ${folder}/${name}
</filestorage>
`;

/** A watch of a server whose conf was loaded as it is on disk now. */
const watchIn = (t: ExecutionContext, text?: (folder: string) => string) => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'server.conf');
	const conf = path.join(folder, 'd.conf');
	writeFileSync(file, text?.(folder) ?? serverConf(folder, 'one.fs'));
	writeFileSync(conf, `<runner>\nprogram runzeo -C ${file}\nsocket-name ${folder}/s\n</runner>\n`);
	const place = {environment: {}, cwd: folder};
	const settings = loadSettings({overrides: {configFile: conf}, ...place});
	const source = {file, digest: digestOf(readFileSync(file)), part: 'server'} as const;
	const warnings: string[] = [];
	const watch = watchServed({
		...{settings, server: findProgramServer(settings, place), ...place},
		reading: {flags: [], sources: [source], covered: {}},
		warn: warning => warnings.push(warning),
	});
	const files = () => dataFilesOf(watch.look()).map(each => path.relative(folder, each));
	return {folder, file, watch, warnings, files};
};

test('a conf that is as it was loaded says the same', t => {
	const {files, watch, warnings} = watchIn(t);
	t.deepEqual(files(), ['one.fs']);
	t.like(watch.last().addresses[0], {port: 8100});
	t.deepEqual(warnings, []);
});

test('what a start is about is what the conf says at that moment, and that is told once', t => {
	const {folder, file, files, warnings, watch} = watchIn(t);
	writeFileSync(file, serverConf(folder, 'two.fs'));
	t.deepEqual(
		dataFilesOf(watch.last()).map(each => path.basename(each)),
		['one.fs'],
	);
	t.deepEqual([files(), files()], [['two.fs'], ['two.fs']]);
	t.is(warnings.length, 1);
	t.regex(warnings[0] ?? '', /serves '.*\/two\.fs' now; to load it: reload$/);
	writeFileSync(file, serverConf(folder, 'one.fs'));
	t.deepEqual(files(), ['one.fs']);
	t.is(warnings.length, 2);
});

test('a conf that has become unusable stops the start, with the reason', t => {
	const {file, watch} = watchIn(t);
	writeFileSync(file, '<zeo>\n  nonsense 1\n</zeo>\n');
	t.throws(() => watch.look(), {message: /cannot be used: .*nonsense/});
	t.is(dataFilesOf(watch.last()).length, 1);
});

test('why a start would be stopped is known beforehand, with file and line, and changes nothing', t => {
	const {folder, file, watch} = watchIn(t);
	t.is(watch.obstacle(), undefined);
	writeFileSync(file, serverConf(folder, 'two.fs'));
	t.is(watch.obstacle(), undefined);
	writeFileSync(file, '<zeo>\n  monitor-address 1\n  nonsense 1\n</zeo>\n');
	t.is(
		watch.obstacle(),
		`the configuration of the server has changed since it was loaded, and cannot be used: ${file}:3: 'nonsense' is not a known key name`,
	);
	t.is(path.basename(dataFilesOf(watch.last())[0] ?? ''), 'one.fs');
});

test('of a conf that could not be used when it was loaded nothing is said beforehand', t => {
	const {file, watch} = watchIn(t, () => '<zeo>\n  nonsense 1\n</zeo>\n');
	writeFileSync(file, '<zeo>\n  nonsense 2\n</zeo>\n');
	t.is(watch.obstacle(), undefined);
});

test('a conf that has gone stops the start', t => {
	const {file, watch} = watchIn(t);
	writeFileSync(file, '');
	t.throws(() => watch.look(), {message: /has changed since it was loaded/});
});

test('a conf that could not be used when it was loaded is for the server to refuse', t => {
	const {folder, file, files} = watchIn(t, () => '<zeo>\n  nonsense 1\n</zeo>\n');
	t.deepEqual(files(), []);
	writeFileSync(file, '<zeo>\n  nonsense 2\n</zeo>\n');
	t.deepEqual(files(), []);
	writeFileSync(file, serverConf(folder, 'one.fs'));
	t.deepEqual(files(), ['one.fs']);
});

test('relative data files count from the folder of the process', t => {
	const {folder, watch} = watchIn(t, each => {
		mkdirSync(path.join(each, 'var'));
		return serverConf('var', 'Data.fs');
	});
	t.deepEqual(dataFilesOf(watch.look()), [path.resolve('var/Data.fs')]);
	t.not(folder, process.cwd());
});
