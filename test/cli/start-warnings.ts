import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {main} from '../../src/cli/main.js';
import {fakeSystem} from '../helpers/fake-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const log = (file: string): string =>
	`<eventlog>\n<logfile>\npath ${file}\nmax-size 1MB\nold-files 2\n</logfile>\n</eventlog>\n`;

type Case = {
	readonly program?: string;
	/** The third line of the conf. */
	readonly line?: string;
	readonly more?: string;
	/** Where the warning is; undefined: there is none. */
	readonly place?: string;
	readonly message?: RegExp;
};

const warns = (title: string, {program = 'sh', line = '', more = '', place, message}: Case): void =>
	test(title, async t => {
		const cwd = temporaryFolder(t);
		mkdirSync(path.join(cwd, 'folder'));
		for (const [file, text, mode] of [
			['file', '', 0o644],
			['orphan', '#!/no/such/interpreter\n', 0o755],
			['script', '#!/bin/sh\n', 0o755],
		] as const) {
			writeFileSync(path.join(cwd, file), text);
			chmodSync(path.join(cwd, file), mode);
		}
		const conf = path.join(cwd, 'd.conf');
		writeFileSync(conf, `<runner>\nprogram ${program}\n${line}\n</runner>\n${more}`);
		const system = fakeSystem(['-C', conf, 'check', '--json'], {cwd, euid: 0});
		t.is(await main(system), 0);
		const {findings} = JSON.parse(system.written.stdout);
		if (place === undefined) {
			t.deepEqual(findings, []);
			return;
		}
		t.is(findings.length, 1, system.written.stdout);
		t.is(`${path.basename(findings[0].file)}:${findings[0].line ?? '-'}`, place);
		t.is(findings[0].severity, 'warning');
		t.regex(findings[0].message, message ?? /^$/);
	});

warns('a user whom nobody knows', {
	line: 'user no-such-user',
	place: 'd.conf:3',
	message: /^username 'no-such-user' not found$/,
});
warns('a program that is not on PATH', {
	program: 'no-such-program',
	place: 'd.conf:2',
	message: /^can't find program 'no-such-program' on PATH/,
});
warns('a program that is not there', {
	program: './nothing',
	place: 'd.conf:2',
	message: /^can't stat program '.\/nothing'$/,
});
warns('a folder for a program', {
	program: './folder',
	place: 'd.conf:2',
	message: /^cannot run program '.\/folder': it is a folder$/,
});
warns('a program that is not executable', {
	program: './file',
	place: 'd.conf:2',
	message: /^no permission to run program '.\/file'$/,
});
warns('a start test that is not there', {
	line: 'start-test-program ./nothing',
	place: 'd.conf:3',
	message: /^can't stat program '.\/nothing'$/,
});
warns('a start test that is not in the folder of the program', {
	line: 'start-test-program ./script\ndirectory folder',
	place: 'd.conf:3',
	message: /^can't stat program '.\/script'$/,
});
warns('a script without its interpreter', {
	program: './orphan',
	place: 'd.conf:2',
	message: /^the interpreter \/no\/such\/interpreter of .*orphan does not exist$/,
});
warns('a name of a socket that is too long for any start', {
	line: `socket-name ${'x'.repeat(100)}`,
	place: 'd.conf:3',
	message: /its name is longer than a socket address allows$/,
});
warns('a folder in place of the socket', {
	line: 'socket-name folder',
	place: 'd.conf:3',
	message: /a folder is in its place$/,
});
warns('a file in place of the socket', {
	line: 'socket-name file',
	place: 'd.conf:3',
	message: /a file is in its place$/,
});
warns('a transcript that is a folder', {
	line: 'transcript folder',
	place: 'd.conf:3',
	message: /^cannot open the transcript ".*folder": it is a directory$/,
});
warns('a file in place of the folder of the program', {
	line: 'directory ./file',
	place: 'd.conf:3',
	message: /^cannot create the folder '.*file': a file is in the way$/,
});
warns('a group that nobody knows', {
	more: '<zeoctl>\nsocket-group no-such-group\n</zeoctl>\n',
	place: 'd.conf:6',
	message: /^cannot give the control socket to the group 'no-such-group'/,
});
warns('an event log in a folder that is not there', {
	more: log('nowhere/event.log'),
	place: 'd.conf:7',
	message: /^cannot open the event log '.*nowhere\/event.log': no such file or directory$/,
});
warns('an encoding of the event log that nobody knows', {
	more: log('event.log\nencoding nope'),
	place: 'd.conf:8',
	message: /^cannot open the event log '.*event.log': unknown encoding: nope$/,
});
warns('nothing is said of a conf that can be started', {
	line: 'transcript file',
	more: log('event.log'),
});
warns('a folder that a start makes is not missed', {
	line: 'directory ./new\ntranscript out.log',
	more: log('new/event.log'),
});
