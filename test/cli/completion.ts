import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../src/cli/main.js';
import {fakeSystem} from '../helpers/fake-system.js';
import {skip} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const script = async (shell: string): Promise<string> => {
	const system = fakeSystem(['completion', shell]);
	await main(system);
	return system.written.stdout;
};

const folder = (t: ExecutionContext<unknown>): string => {
	const place = temporaryFolder(t);
	for (const name of ['zeo.conf', 'notes.txt', 'two words.conf'])
		writeFileSync(path.join(place, name), '');
	mkdirSync(path.join(place, 'etc'));
	return place;
};

/** What bash would offer; the last word is being typed. */
const complete = async (t: ExecutionContext<unknown>, ...words: readonly string[]) => {
	const ask =
		'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zeoctl; printf "%s\\n" "${COMPREPLY[@]}"';
	const bash = ['--norc', '-c', `${await script('bash')}\n${ask}`, 'bash', 'zeoctl', ...words];
	const output = execFileSync('bash', bash, {cwd: folder(t), encoding: 'utf8'});
	return output.split('\n').filter(line => line !== '');
};

test('actions are completed', async t => {
	t.deepEqual(await complete(t, 'st'), ['start', 'stop', 'status']);
});

test('flags are completed', async t => {
	t.deepEqual(await complete(t, '--so'), ['--socket-name']);
	t.true((await complete(t, '-')).includes('-C'));
});

test('after -C come configuration files and folders', async t => {
	const offered = ['etc', 'two words.conf', 'zeo.conf'];
	t.deepEqual((await complete(t, '-C', '')).sort(), offered);
	t.deepEqual((await complete(t, '--configure', '=', '')).sort(), offered);
	t.deepEqual((await complete(t, '--configure', '=')).sort(), offered);
});

test('the value of a flag is not the action', async t => {
	t.deepEqual(await complete(t, '-C', 'status', 'sta'), ['start', 'status']);
	t.deepEqual(await complete(t, '--configure', '=', 'start', 'stat'), ['status']);
});

test('a value nobody can guess is left to the person', async t => {
	t.deepEqual(await complete(t, '-b', ''), []);
});

test('what follows an action is completed', async t => {
	t.deepEqual(await complete(t, '-f', 'status', '--'), ['--strict', '--json']);
	t.deepEqual(await complete(t, 'kill', 'US'), ['USR1', 'USR2']);
	t.deepEqual(await complete(t, 'help', 'log'), ['logreopen', 'logtail']);
	t.deepEqual(await complete(t, 'completion', 'z'), ['zsh']);
	t.deepEqual(await complete(t, 'fg', 'no'), ['notes.txt']);
});

test('every action has the options and the words of its help', async t => {
	t.deepEqual(await complete(t, 'mail', ''), ['test', 'queue', 'flush']);
	t.deepEqual(await complete(t, 'mail', 'flush', '-'), ['--due', '--json']);
	t.deepEqual(await complete(t, 'generate', 'sy'), ['systemd']);
	t.deepEqual(await complete(t, 'generate', 'all', '--'), ['--to', '--check', '--group', '--json']);
	t.deepEqual(await complete(t, 'init', '--zeo-s'), ['--zeo-server-port', '--zeo-storage']);
	t.deepEqual(await complete(t, 'stop', ''), ['--give-up-deleted', '--json']);
	t.deepEqual(await complete(t, 'pack', '-t'), ['-t']);
});

test('the value of an option is completed by what it stands for', async t => {
	t.deepEqual(await complete(t, 'generate', 'all', '--to', ''), ['etc']);
	t.deepEqual(await complete(t, 'init', '--answers', 'no'), ['notes.txt']);
	t.deepEqual(await complete(t, 'init', ''), ['etc']);
	t.deepEqual(await complete(t, 'init', '--run-user', ''), []);
	t.true((await complete(t, 'install', '--group', 'ro')).includes('root'));
	t.deepEqual(await complete(t, 'migrate', 'z'), ['zeo.conf']);
	t.deepEqual(await complete(t, 'pack', '-d', ''), []);
	t.deepEqual(await complete(t, 'report', '--html', 'no'), ['notes.txt']);
});

test('the zsh script is valid where there is a zsh', async t => {
	const text = await script('zsh');
	t.true(text.startsWith('#compdef zeoctl\n'));
	try {
		execFileSync('zsh', ['-n'], {input: text});
		t.pass();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		skip(t, 'no zsh');
	}
});
