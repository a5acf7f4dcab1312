import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {main} from '../../src/cli/main.js';
import {fakeSystem} from '../helpers/fake-system.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const zeo = '<zeo>\naddress 8100\n</zeo>\n<mappingstorage 1>\n</mappingstorage>\n';

const log = (encoding: string): string =>
	`<eventlog>\n<logfile>\npath e.log\nmax-size 1MB\nold-files 2\nencoding ${encoding}\n</logfile>\n</eventlog>\n`;

const lacks = test.macro(async (t, conf: string, expected: readonly string[]) => {
	const python = testPython(t);
	if (python === undefined) return;
	const cwd = temporaryFolder(t);
	const runzeo = path.join(path.dirname(python), 'runzeo');
	writeFileSync(path.join(cwd, 'zeo.conf'), conf);
	writeFileSync(
		path.join(cwd, 'd.conf'),
		`<runner>\nprogram ${runzeo} -C ${cwd}/zeo.conf\n</runner>\n`,
	);
	const system = fakeSystem(['-C', 'd.conf', 'check', '--json'], {cwd});
	t.is(await main(system), 0, system.written.stdout);
	const {findings} = JSON.parse(system.written.stdout);
	const told: string[] = findings.map(
		(each: {readonly message: string; readonly file: string; readonly line: number}) =>
			`${path.basename(each.file)}:${each.line}: ${each.message}`,
	);
	t.deepEqual(
		told.filter(each => each.includes('its Python')),
		expected,
	);
});

test(
	'a package that the conf of the server imports and its Python has not',
	lacks,
	`%import cipher.encryptingstorage\n${zeo}${log('utf-8')}`,
	["zeo.conf:1: the server cannot start: its Python has no package 'cipher.encryptingstorage'"],
);
test(
	'an encoding of the log that the Python of the server does not know',
	lacks,
	`${zeo}${log('klingon')}`,
	["zeo.conf:11: the server cannot start: its Python knows no encoding 'klingon'"],
);
test(
	'what its Python has is not told, whether zeoctl knows it or not',
	lacks,
	`${zeo}${log('utf-8-sig')}`,
	[],
);
