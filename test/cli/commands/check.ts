import {symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../../src/cli/main.js';
import {fakeSystem} from '../../helpers/fake-system.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const check = async (t: ExecutionContext<unknown>, conf: string, ...words: readonly string[]) => {
	const cwd = temporaryFolder(t);
	const file = path.join(cwd, 'd.conf');
	writeFileSync(file, conf);
	const system = fakeSystem(['-C', 'd.conf', ...words], {cwd});
	const code = await main(system);
	return {code, file, ...system.written};
};

test('a good file', async t => {
	const {code, stdout, stderr, file} = await check(
		t,
		'<runner>\n program sh\n</runner>\n',
		'check',
	);
	t.is(code, 0);
	t.is(stdout, `no errors, no warnings in ${file}\n`);
	t.is(stderr, '');
});

test('all mistakes are told, with file, line and the name that was meant', async t => {
	const conf = '<runner>\n program x\n daemon 1\n umsk 22\n backoff-limit no\n</runner>\n';
	const {code, stdout, file} = await check(t, conf, 'check');
	t.is(code, 2);
	t.true(stdout.includes(`${file}:3: error: not a valid boolean value: '1'\n`));
	t.true(stdout.includes("error: 'umsk' is not a known key name\n"));
	t.true(stdout.includes('umask'));
	t.true(stdout.includes(`${file}:5: error: `));
	t.true(stdout.endsWith(`3 errors, no warnings in ${file}\n`));
});

test('a message of several lines is told in one', async t => {
	const conf = '%import foo.bar\n<runner>\n program sh\n</runner>\n';
	const {stdout, file} = await check(t, conf, 'check');
	t.is(
		stdout,
		[
			`${file}:1: error: could not load package foo.bar: No module named 'foo'; Package name: 'foo.bar'; File name: 'component.xml'; Package path: None`,
			`1 error, no warnings in ${file}`,
			'',
		].join('\n'),
	);
});

test('a warning is no failure', async t => {
	const {code, stdout} = await check(
		t,
		'<runner>\n program x\n python /bin/sh\n</runner>\n',
		'check',
	);
	t.is(code, 0);
	t.regex(stdout, /:3: warning: 'python' has no effect/);
});

test('a transcript that cannot be looked at is no reason to end', async t => {
	const folder = temporaryFolder(t);
	symlinkSync('loop', path.join(folder, 'loop'));
	const conf = `<runner>\n program x\n transcript ${folder}/loop\n</runner>\n`;
	const {code, stderr} = await check(t, conf, 'check');
	t.deepEqual({code, stderr}, {code: 0, stderr: ''});
});

test('a conf that cannot be read is named in the summary', async t => {
	const cwd = temporaryFolder(t);
	const system = fakeSystem(['-C', 'none.conf', 'check'], {cwd});
	t.is(await main(system), 2);
	t.regex(system.written.stdout, new RegExp(`^1 error, no warnings in ${cwd}/none.conf$`, 'm'));
});

test('what is read but not acted upon is told', async t => {
	const sections = ['<pack>\n days 3\n</pack>', '<monitor>\n address 8101\n</monitor>'].join('\n');
	const conf = `<runner>\n program x\n zdrun /bin/sh\n</runner>\n${sections}\n`;
	const {code, stdout} = await check(t, conf, 'check');
	t.is(code, 0);
	t.regex(stdout, /:3: warning: 'zdrun' has no effect/);
	t.notRegex(stdout, /<(?:pack|monitor)> has no effect/);
});

test('json tells the same', async t => {
	const {code, stdout, file} = await check(
		t,
		'<runner>\n program x\n daemon 1\n</runner>\n',
		'check',
		'--json',
	);
	t.is(code, 2);
	const report = JSON.parse(stdout);
	t.false(report.ok);
	t.deepEqual(report.files, [file]);
	t.like(report.findings[0], {severity: 'error', file, line: 3});
});

test('nothing to check is a usage error', async t => {
	const system = fakeSystem(['check']);
	t.is(await main(system), 2);
	t.regex(system.written.stderr, /no program specified; use -p or -C/);
});

test('a program without a file is checked as it is', async t => {
	const system = fakeSystem(['-p', 'sh', 'check']);
	t.is(await main(system), 0);
	t.is(system.written.stdout, 'no errors, no warnings in the command line\n');
});

test('a person sees all mistakes also when another command meets them', async t => {
	const conf = '<runner>\n program x\n daemon 1\n umsk 22\n</runner>\n';
	const seen = await check(t, conf, 'status');
	t.is(seen.stderr.split('\n').length, 3);
	const cwd = path.dirname(seen.file);
	writeFileSync(seen.file, conf);
	const system = fakeSystem(['-C', seen.file, 'status'], {cwd, terminal: true});
	t.is(await main(system), 2);
	t.regex(system.written.stderr, /not a valid boolean value/);
	t.regex(system.written.stderr, /'umsk' is not a known key name/);
});
