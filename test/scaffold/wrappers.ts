import {chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
	renderPointer,
	renderRunzeo,
	renderZeoctl,
	renderZeopack,
	renderZeopasswd,
} from '../../src/scaffold/wrappers.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {runCommand} from '../helpers/zeoctl.js';

const show = '#!/bin/sh\nfor word do printf "[%s]" "$word"; done\n';

const makeCommands = (t: ExecutionContext): string => {
	const home = path.join(temporaryFolder(t), "a 'b' $c");
	const write = (file: string, text: string): void => {
		mkdirSync(path.dirname(path.join(home, file)), {recursive: true});
		writeFileSync(path.join(home, file), text);
		chmodSync(path.join(home, file), 0o755);
	};
	const script = path.join(home, 'zeoctl.cjs');
	writeAll(write, {
		'zeoctl.cjs': '',
		node: show,
		'bin/zeoctl': renderZeoctl('shop', {node: path.join(home, 'node'), script}),
		'bin/runzeo': renderRunzeo('shop'),
		'bin/zeopack': renderZeopack(),
		'bin/zeopasswd': renderZeopasswd(),
		'env/bin/zeoctl': renderPointer(),
		'env/bin/runzeo': show,
		'other/zeoctl': show,
	});
	return home;
};

const writeAll = (write: (file: string, text: string) => void, files: Record<string, string>) => {
	for (const [file, text] of Object.entries(files)) write(file, text);
};

const brackets = (words: readonly string[]): string => words.map(word => `[${word}]`).join('');

const passes = test.macro(
	async (t: ExecutionContext, words: readonly string[], isPreset: boolean) => {
		const home = makeCommands(t);
		const {stdout, stderr} = await runCommand(t, [path.join(home, 'bin/zeoctl'), ...words]);
		const preset = isPreset ? ['-C', `${home}/etc/shop-zeoctl.conf`] : [];
		t.is(stdout, brackets([`${home}/zeoctl.cjs`, ...preset, ...words]), stderr);
	},
);

test('zeoctl gets the conf of its instance', passes, ['status', '-C'], true);
test('without a word, too', passes, [], true);
test('after other options, too', passes, ['-fb3', '-p', '-C', '--json', 'a  "b"'], true);
test('after long options, too', passes, ['--program', '--configure', '--user=x', '--', '-C'], true);
test('a conf that is named wins', passes, ['-C', '/x', 'status'], false);
test('a conf that is glued on wins', passes, ['-C/x', 'status'], false);
test('a conf that is bundled wins', passes, ['-dfC', '/x', 'status'], false);
test('a conf with a long name wins', passes, ['-b', '3', '--conf=/x', 'status'], false);

test('another zeoctl on PATH is taken when the first has gone, but never this one', async t => {
	const home = makeCommands(t);
	rmSync(path.join(home, 'zeoctl.cjs'));
	const PATH = [`${home}/bin`, `${home}/env/bin`, `${home}/other`, process.env['PATH']].join(':');
	const {stdout, stderr} = await runCommand(t, ['zeoctl', 'status'], {env: {PATH}});
	t.is(stdout, brackets(['-C', `${home}/etc/shop-zeoctl.conf`, 'status']), stderr);
});

test('the commands find their instance through a link', async t => {
	const home = makeCommands(t);
	const link = path.join(path.dirname(home), 'pack');
	symlinkSync(path.join(home, 'bin/zeopack'), link);
	const {stdout} = await runCommand(t, [link, '-d', '3']);
	const conf = `${home}/etc/shop-zeoctl.conf`;
	t.is(stdout, brackets([`${home}/zeoctl.cjs`, '-C', conf, 'pack', '-d', '3']));
});

const command = test.macro(
	async (
		t: ExecutionContext,
		words: readonly [string, ...string[]],
		wanted: (home: string) => readonly string[],
	) => {
		const home = makeCommands(t);
		const [file, ...rest] = words;
		const {stdout, stderr} = await runCommand(t, [path.join(home, file), ...rest]);
		t.is(stdout, brackets(wanted(home)), stderr);
	},
);
const conf = (home: string): readonly string[] => [
	`${home}/zeoctl.cjs`,
	'-C',
	`${home}/etc/shop-zeoctl.conf`,
];
test('runzeo has the conf of the server', command, ['bin/runzeo'], home => [
	'-C',
	`${home}/etc/shop-zeo.conf`,
]);
test('runzeo takes another one', command, ['bin/runzeo', '-a', 'x'], () => ['-a', 'x']);
test('zeopasswd is passwd', command, ['bin/zeopasswd', '-f', 'x'], home => [
	...conf(home),
	'passwd',
	'-f',
	'x',
]);
test(
	'zeoctl of the environment is that of the instance',
	command,
	['env/bin/zeoctl', 'stop'],
	home => [...conf(home), 'stop'],
);
