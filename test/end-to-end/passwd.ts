import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {zeoctl} from '../helpers/zeoctl.js';

test('a password is read from standard input where there is no terminal', async t => {
	const cwd = temporaryFolder(t);
	const words = ['passwd', '-f', 'users', '-r', 'My Realm', 'alice'];
	const {exitCode, stdout, stderr} = await zeoctl(t, words, {cwd, input: 'secret\n'});
	t.is(exitCode, 0, stdout + stderr);
	t.is(
		readFileSync(path.join(cwd, 'users'), 'utf8'),
		'realm My Realm\nalice: 0877bbd92f88fe4d39577bf5621887f8626fe756\n',
	);
	t.notRegex(stdout + stderr, /secret/);
});

test('an empty password is refused', async t => {
	const cwd = temporaryFolder(t);
	const {exitCode, stderr} = await zeoctl(t, ['passwd', '-f', 'users', 'alice'], {cwd});
	t.is(exitCode, 1);
	t.is(
		stderr,
		`Error: cannot change the passwords in '${cwd}/users': an empty password lets everybody in\n`,
	);
});
