import {utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findCore} from '../../src/program/core-dump.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const startedAt = 1_000_000;

/** A folder with files of that time; what became of the core of process 42 there. */
const look = (
	t: ExecutionContext,
	pattern: string,
	{
		files = [],
		at = startedAt + 5,
		signal = 'SIGSEGV',
		usesPid = false,
	}: {
		readonly files?: readonly string[];
		readonly at?: number;
		readonly signal?: string | null;
		readonly usesPid?: boolean;
	} = {},
) => {
	const directory = temporaryFolder(t);
	for (const file of files) {
		writeFileSync(path.join(directory, file), '');
		utimesSync(path.join(directory, file), at, at);
	}
	const found = findCore({pid: 42, signal, directory, startedAt}, () => ({pattern, usesPid}));
	return found?.replace(`${directory}/`, '');
};

test('a core in the folder of the process is named', t => {
	t.is(look(t, 'core', {files: ['core', 'core.1']}), 'core');
});

test('the pid may be part of the name, asked for or not', t => {
	const files = ['core.41', 'core.42', 'core.421'];
	t.is(look(t, 'core', {files, usesPid: true}), 'core.42');
	t.is(look(t, 'core.%p', {files}), 'core.42');
});

test('other placeholders are taken as they come', t => {
	t.is(look(t, 'a+%e-%%-%P.%t', {files: ['a+runzeo-%-42.99', 'aa']}), 'a+runzeo-%-42.99');
});

test('no core is claimed that is not there, or older', t => {
	t.is(look(t, 'core'), undefined);
	t.is(look(t, 'core', {files: ['core'], at: startedAt - 5}), undefined);
	t.is(look(t, '/nowhere/core'), undefined);
	t.is(look(t, ''), undefined);
});

test('a signal that leaves no core, or none, has none', t => {
	t.is(look(t, 'core', {files: ['core'], signal: 'SIGKILL'}), undefined);
	t.is(look(t, 'core', {files: ['core'], signal: null}), undefined);
});

test('systemd is asked by its own command', t => {
	t.is(look(t, '|/lib/systemd/systemd-coredump %P %u'), 'coredumpctl info 42');
	t.is(look(t, '|/usr/share/apport/apport %p'), undefined);
});
