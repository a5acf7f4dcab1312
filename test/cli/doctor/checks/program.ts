import {chmodSync, existsSync, rmSync} from 'node:fs';
import test from 'ava';
import {judgeFiles} from '../../../../src/cli/doctor/checks/open-files.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import {examination} from '../../../helpers/examined.js';

test('a program that can be run', async t => {
	const {levels} = examination(t);
	t.deepEqual(await levels('executable'), ['ok: ./runzeo']);
});

test('a program that may not be run is repaired by chmod', async t => {
	const {levels, findings, at} = examination(t);
	chmodSync(at('runzeo'), 0o644);
	t.regex((await levels('executable'))[0] ?? '', /^error: no permission to run program/);
	t.is((await findings('executable'))[0]?.command, `sudo chmod +x ${at('runzeo')}`);
});

test('a program that is not there', async t => {
	const {levels, at} = examination(t);
	rmSync(at('runzeo'));
	t.regex((await levels('executable'))[0] ?? '', /^error: can't stat program/);
});

test('a start test that is not there', async t => {
	const {findings} = examination(t, {
		conf: '<runner>\n  program {folder}/runzeo\n  start-test-program no-such-test\n</runner>\n',
	});
	const [, finding] = await findings('executable');
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /^can't find program 'no-such-test' on PATH/);
	t.regex(finding?.advice ?? '', /^set 'start-test-program' to /);
	t.is(finding?.command, undefined);
});

test('a program of an environment that was not made yet needs bootstrap', async t => {
	const {findings, folder, write} = examination(t, {
		conf: '<runner>\n  program {folder}/env/bin/runzeo\n</runner>\n',
	});
	write('requirements.txt', 'ZEO\n');
	t.is((await findings('executable'))[0]?.command, `zeoctl bootstrap ${folder}`);
});

test('a script without its interpreter', async t => {
	const {levels, write} = examination(t);
	write('runzeo', '#!/nowhere/python3\n', 0o755);
	t.regex((await levels('executable'))[0] ?? '', /^error: .*'\/nowhere\/python3', which does not/);
});

test('a user that nobody has is an error, and what it may do is not known', async t => {
	const {levels} = examination(t, {
		conf: '<runner>\n  program {folder}/runzeo\n  user nobody-of-this-name\n</runner>\n',
	});
	t.deepEqual(await levels('user'), ["error: there is no user 'nobody-of-this-name'"]);
	t.regex((await levels('executable'))[0] ?? '', /^unknown: .*there is no user/);
});

test('a folder that is missing is made by the command', async t => {
	const {findings, at} = examination(t, {
		conf: '<runner>\n  program {folder}/runzeo\n  directory {folder}/var\n</runner>\n',
	});
	const [finding] = await findings('directory');
	t.is(finding?.level, 'warning');
	t.true(finding?.command?.endsWith(at('var')));
	t.false(existsSync(at('var')));
});

test('a file in place of the folder is not mended by its mode', async t => {
	const {findings, write, at} = examination(t, {
		conf: '<runner>\n  program {folder}/runzeo\n  directory {folder}/var\n</runner>\n',
	});
	write('var', '');
	const [finding] = await findings('directory');
	t.is(finding?.message, `'${at('var')}' is no folder: a file is in its place`);
	t.is(finding?.command, `ls -l ${at('var')}`);
});

test('nothing runs', async t => {
	const {levels} = examination(t);
	t.deepEqual(await levels('supervisor'), ['ok: nothing runs']);
	t.regex((await levels('health'))[0] ?? '', /^warning: .*no <health> section/);
});

const files = test.macro((t, limit: number, open: number, expected: Level) => {
	t.is(judgeFiles(limit, open, 'the server')[0]?.level, expected);
});

test('1024 files are enough', files, 1024, 0, 'ok');
test('256 files are not', files, 256, 0, 'warning');
test('a limit that is nearly reached', files, 1024, 1000, 'warning');
test('no limit', files, Number.POSITIVE_INFINITY, 5000, 'ok');
