import {createHash} from 'node:crypto';
import {chmodSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {main} from '../../../src/cli/main.js';
import {fakeSystem} from '../../helpers/fake-system.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const alice = 'alice: 0877bbd92f88fe4d39577bf5621887f8626fe756\n';

const run = async (cwd: string, ...words: readonly string[]) => {
	const system = fakeSystem(words, {cwd, environment: {PATH: '/nowhere'}});
	const code = await main(system);
	return {code, ...system.written};
};

test('the command line of zeopasswd works', async t => {
	const cwd = temporaryFolder(t);
	const file = path.join(cwd, 'users');
	const words = ['passwd', '-p', 'digest', '-f', 'users', '-r', 'My Realm', 'alice', 'secret'];
	t.deepEqual(await run(cwd, ...words), {
		code: 0,
		stdout: `user alice added in ${file}\n`,
		stderr: '',
	});
	t.is(readFileSync(file, 'utf8'), `realm My Realm\n${alice}`);
	t.is(statSync(file).mode & 0o777, 0o600);
	t.like(await run(cwd, ...words), {
		code: 1,
		stderr: `Error: cannot change the passwords in '${file}': user 'alice' is there already\n`,
	});
	t.like(await run(cwd, 'passwd', '-d', '-p', 'digest', '-f', 'users', 'alice'), {code: 0});
	t.is(readFileSync(file, 'utf8'), 'realm My Realm\n');
});

test('a password may hold every printable character', async t => {
	const cwd = temporaryFolder(t);
	const ascii = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index)).join('');
	for (const [index, password] of [ascii, `größe 大きさ 🐘`].entries()) {
		writeFileSync(path.join(cwd, 'secret'), `${password}\n`);
		const words = ['-f', 'users', '-r', 'R', '--password-file', path.join(cwd, 'secret')];
		t.like(await run(cwd, 'passwd', ...words, `u${index}`), {code: 0});
		const digest = createHash('sha1').update(`u${index}:R:${password}`).digest('hex');
		t.true(readFileSync(path.join(cwd, 'users'), 'utf8').includes(`u${index}: ${digest}\n`));
	}
});

test('file and realm may be those of the conf', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(
		path.join(cwd, 'zeo.conf'),
		'%define D etc\n<zeo>\n address 1\n authentication-protocol digest\n authentication-database users\n authentication-realm My Realm\n</zeo>\n',
	);
	t.like(await run(cwd, '-C', 'zeo.conf', 'passwd', 'alice', 'secret'), {code: 0});
	t.is(readFileSync(path.join(cwd, 'users'), 'utf8'), `realm My Realm\n${alice}`);
});

test('they may also be those of the conf of the server that it runs', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(
		path.join(cwd, 'own.conf'),
		`<runner>\n program "${cwd}/my env/runzeo" -C ${cwd}/zeo.conf\n</runner>\n`,
	);
	writeFileSync(
		path.join(cwd, 'zeo.conf'),
		`<zeo>\n address 1\n authentication-database ${cwd}/users\n authentication-realm My Realm\n</zeo>\n`,
	);
	t.like(await run(cwd, '-C', 'own.conf', 'passwd', 'alice', 'secret'), {code: 0});
	t.is(readFileSync(path.join(cwd, 'users'), 'utf8'), `realm My Realm\n${alice}`);
});

test('the first line of a file is the password', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'secret'), 'secret\r\nmore\n');
	const words = ['-f', 'users', '-r', 'My Realm', '--password-file', path.join(cwd, 'secret')];
	t.like(await run(cwd, 'passwd', ...words, 'alice'), {code: 0});
	t.is(readFileSync(path.join(cwd, 'users'), 'utf8'), `realm My Realm\n${alice}`);
});

test('a file that is linked elsewhere is changed there, and becomes private', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'real'), 'bob: 1\n');
	chmodSync(path.join(cwd, 'real'), 0o644);
	symlinkSync('real', path.join(cwd, 'users'));
	t.like(await run(cwd, 'passwd', '-f', 'users', 'alice', 'x'), {code: 0});
	t.regex(readFileSync(path.join(cwd, 'real'), 'utf8'), /^alice: [0-9a-f]{40}\nbob: 1\n$/);
	t.is(statSync(path.join(cwd, 'real')).mode & 0o777, 0o600);
});

test('a file that is no database is left alone', async t => {
	const cwd = temporaryFolder(t);
	writeFileSync(path.join(cwd, 'users'), 'no database\n');
	t.like(await run(cwd, 'passwd', '-f', 'users', 'alice', 'x'), {
		code: 1,
		stderr: `Error: cannot change the passwords in '${cwd}/users': line 1 is not "user: hash"\n`,
	});
	t.is(readFileSync(path.join(cwd, 'users'), 'utf8'), 'no database\n');
});

test('the answer in JSON has no secret', async t => {
	const cwd = temporaryFolder(t);
	const {stdout} = await run(cwd, 'passwd', '--json', '-f', 'users', 'alice', 'secret');
	t.deepEqual(JSON.parse(stdout), {
		action: 'passwd',
		outcome: 'added',
		user: 'alice',
		file: path.join(cwd, 'users'),
		zeo: null,
	});
});

for (const [words, reason] of [
	[['-f', 'users'], 'no user is named'],
	[['alice', 'x'], 'no file is named; use -f, or -C with a conf that has authentication-database'],
	[['-p', 'plain', '-f', 'users', 'alice'], "there is no protocol 'plain', only digest"],
	[['-f', 'users', 'a', 'b', 'c'], 'more than a user and a password are given'],
	[['-d', '-f', 'users', 'a', 'b'], 'no password is needed to delete a user'],
	[['-x', '-f', 'users', 'a'], "Unknown option '-x'"],
] as const) {
	test(`passwd ${words.join(' ')} is a mistake`, async t => {
		const {code, stderr} = await run(temporaryFolder(t), 'passwd', ...words);
		t.is(code, 2);
		t.is(stderr.split('\n')[0], `Error: cannot change a password: ${reason}`);
	});
}
