import {chmod, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {locateProgram} from '../../src/program/locate.js';

const folderWith = async (t: ExecutionContext, name: string, mode: number) => {
	const folder = await mkdtemp(path.join(tmpdir(), 'zeoctl-locate-'));
	t.teardown(async () => rm(folder, {recursive: true}));
	await writeFile(path.join(folder, name), '#!/bin/sh\n');
	await chmod(path.join(folder, name), mode);
	return folder;
};

test('a word without a slash is searched on PATH', async t => {
	const folder = await folderWith(t, 'tool', 0o755);
	t.is(locateProgram('tool', `/nowhere:${folder}`, '/'), path.join(folder, 'tool'));
});

test('a file on PATH without any execute bit is passed over', async t => {
	const folder = await folderWith(t, 'tool', 0o644);
	t.throws(() => locateProgram('tool', folder, '/'), {
		message: `can't find program 'tool' on PATH ['${folder}']`,
	});
});

test('what is nowhere on PATH, and an equals sign, come with what to type instead', t => {
	t.like(
		t.throws(() => locateProgram('tool', '/nowhere', '/')),
		{
			hint: "set 'program' to the full path of 'tool', or PATH in the environment of this command",
		},
	);
	t.like(
		t.throws(() => locateProgram('tool', '/nowhere', '/', 'start-test-program')),
		{
			hint: "set 'start-test-program' to the full path of 'tool', or PATH in the environment of this command",
		},
	);
	t.like(
		t.throws(() => locateProgram('=', '/nowhere', '/')),
		{hint: "write 'program COMMAND': a conf has no '=' between a key and its value"},
	);
});

test('a folder of PATH that cannot be entered is passed over', async t => {
	const folder = await folderWith(t, 'tool', 0o755);
	const closed = path.join(folder, 'closed');
	await symlink(closed, closed);
	t.is(locateProgram('tool', `${closed}:${folder}`, '/'), path.join(folder, 'tool'));
});

test('defect 18: a relative path is made absolute in the folder of the start', async t => {
	const folder = await folderWith(t, 'tool', 0o755);
	t.is(locateProgram('./tool', undefined, folder), path.join(folder, 'tool'));
});

test('a path that does not exist is named', t => {
	t.throws(() => locateProgram('./missing', undefined, '/'), {
		message: "can't stat program './missing'",
	});
});

test('a folder is not a program', t => {
	t.throws(() => locateProgram('/usr', undefined, '/'), {
		message: "cannot run program '/usr': it is a folder",
	});
});

test('a file that may not be executed is named, with the command that allows it', async t => {
	const folder = await folderWith(t, 'plain', 0o644);
	const error = t.throws(() => locateProgram('./plain', undefined, folder));
	t.is(error.message, "no permission to run program './plain'");
	t.like(error, {hint: `chmod +x ${folder}/plain`});
});

test('without PATH the usual folders are searched', t => {
	t.is(locateProgram('sh', undefined, '/'), '/bin/sh');
});

test('what cannot be entered on PATH is passed over', t => {
	t.is(locateProgram('sh', '/etc/passwd:/bin', '/'), '/bin/sh');
});
