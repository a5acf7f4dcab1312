import test from 'ava';
import {judgeCommands, judgeNode} from '../../../../src/cli/doctor/checks/versions.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import {examination} from '../../../helpers/examined.js';

const node = test.macro((t, version: string, expected: Level) => {
	t.is(judgeNode(version, '/usr/bin/node')[0]?.level, expected);
});

test('the oldest Node that will do', node, '20.19.0', 'ok');
test('an older one', node, '20.9.0', 'error');
test('a later one', node, '24.1.0', 'ok');

const at = (file: string, real = file) => ({
	name: file.split('/').at(-1) ?? '',
	...{file, real},
});

test('this zeoctl alone on PATH', t => {
	t.is(
		judgeCommands([at('/usr/bin/zeoctl', '/opt/zeoctl.cjs')], '/opt/zeoctl.cjs')[0]?.level,
		'ok',
	);
});

test('zeoctl of ZEO before this one is a warning that names both', t => {
	const found = [at('/srv/env/bin/zeoctl'), at('/usr/bin/zeoctl', '/opt/zeoctl.cjs')];
	const [finding] = judgeCommands(found, '/opt/zeoctl.cjs');
	t.is(finding?.level, 'warning');
	t.regex(finding?.message ?? '', /\/srv\/env\/bin\/zeoctl, \/usr\/bin\/zeoctl/);
	t.is(finding?.advice, 'put /usr/bin before /srv/env/bin in PATH');
});

test('a zdaemon beside it is named', t => {
	const found = [at('/usr/bin/zeoctl', '/opt/zeoctl.cjs'), at('/usr/bin/zdaemon')];
	t.like(judgeCommands(found, '/opt/zeoctl.cjs')[0], {
		level: 'ok',
		message: '/usr/bin/zeoctl, /usr/bin/zdaemon',
	});
});

test('every zeoctl of PATH is found, and that of an instance leads here', async t => {
	const scene = {environment: {PATH: 'bin:/usr/bin:/bin'}};
	const {write, levels} = examination(t, {scene});
	write('bin/zeoctl', '#!/bin/sh\n# zeoctl for this instance: with its conf\n', 0o755);
	t.regex((await levels('commands-on-path'))[0] ?? '', /^ok: \.\/bin\/zeoctl/);
	write('bin/zeoctl', '#!/bin/sh\nexec python -m ZEO.zeoctl\n', 0o755);
	t.regex((await levels('commands-on-path'))[0] ?? '', /^warning: .*\.\/bin\/zeoctl/);
});
