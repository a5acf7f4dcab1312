import {existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {pidFileOf, removePidFile, writePidFile} from '../../src/control/pid-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('the pid file names the supervisor as long as that is there', t => {
	const socket = path.join(temporaryFolder(t), 'zeo.sock');
	const file = pidFileOf(socket);
	mkdirSync(path.dirname(file));
	writePidFile(socket);
	t.is(readFileSync(file, 'utf8'), `${process.pid}\n`);
	removePidFile(socket);
	t.false(existsSync(file));
});

test('a supervisor does without a pid file where none can be written', t => {
	const socket = path.join(temporaryFolder(t), 'zeo.sock');
	rmSync(path.dirname(pidFileOf(socket)), {recursive: true, force: true});
	t.like(writePidFile(socket), {code: 'ENOENT'}, 'and says why');
	t.notThrows(() => removePidFile(socket));
});
