import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {main} from '../../src/cli/main.js';
import {ZeoctlError} from '../../src/platform/errors.js';
import {fakeSystem, run} from '../helpers/fake-system.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const plain = async (...words: readonly string[]) => {
	const system = fakeSystem(words);
	const code = await main(system);
	return {code, ...system.written};
};
const help = 'For help, use /usr/bin/zeoctl -h\n';

const refuses = test.macro(async (t, words: readonly string[], message: string) => {
	t.deepEqual(await plain(...words), {code: 2, stdout: '', stderr: `Error: ${message}\n${help}`});
});

test('nothing at all', refuses, [], 'no program specified; use -p or -C');
test('no program', refuses, ['status'], 'no program specified; use -p or -C');
test(
	'an unknown action still needs a program first',
	refuses,
	['bogus'],
	'no program specified; use -p or -C',
);
test('no action', refuses, ['-p', 'x'], 'an action argument is required');
test('an unknown action', refuses, ['-p', 'x', 'bogus'], "unknown action 'bogus'");
test(
	'an unknown action near a known one',
	refuses,
	['-p', 'x', 'stauts'],
	"unknown action 'stauts'; did you mean 'status'?",
);
for (const [word, meant] of [
	['stat', "'status'"],
	['sta', "'start' or 'status'"],
	['st', "'start', 'stop' or 'status'"],
	['Kil', "'kill'"],
] as const)
	test(
		`a word that actions begin with is short for them: ${word}`,
		refuses,
		['-p', 'x', word],
		`unknown action '${word}'; did you mean ${meant}?`,
	);
test(
	'a hyphen in the place of an underscore',
	refuses,
	['-p', 'x', 'reopen-transcript'],
	"unknown action 'reopen'; did you mean 'reopen_transcript'?",
);
test('what begins like a shell command', refuses, ['-p', 'x', '!ls', '-l'], "unknown action '!ls'");
test(
	'a name of JavaScript is no action',
	refuses,
	['-p', 'x', 'constructor'],
	"unknown action 'constructor'",
);
test('a flag that is not one', refuses, ['-q', 'status'], 'option -q not recognized');
test('a topic without help', refuses, ['help', 'nosuch'], "no help on 'nosuch'");
test(
	'a shell that cannot complete',
	refuses,
	['completion', 'fish'],
	"cannot complete for 'fish': only bash and zsh",
);
test(
	'show something unknown',
	refuses,
	['-p', 'x', 'show', 'nosuch'],
	"cannot show 'nosuch': only options, runtime and all",
);

for (const action of [
	'stop',
	'start',
	'restart',
	'wait',
	'reload',
	'init',
	'supervise',
	'status',
]) {
	test(`${action} --help is help, and needs no program`, async t => {
		const asked = await plain('help', action);
		t.is(asked.code, 0);
		t.deepEqual(await plain(action, '--help'), asked);
		t.deepEqual(await plain(action, '-h'), asked);
	});
}

test('--json before it does not make a start of help', async t => {
	const asked = await plain('help', 'start');
	t.deepEqual(await plain('start', '--json', '--help'), asked);
	t.deepEqual(await plain('start', '--json', '-h'), asked);
});

test('the host of a pack is no question for help', async t => {
	const {stderr} = await plain('-p', 'x', 'pack', '-h', 'nowhere.invalid', '-p', '1', '--bogus');
	t.regex(stderr, /cannot pack: unknown option '--bogus'/);
});

test(
	'a stop that is not meant is none',
	refuses,
	['-p', 'x', 'stop', '--dry-run'],
	"stop does not take '--dry-run'",
);
test(
	'an option that is spelled wrongly is not ignored',
	refuses,
	['-p', 'x', 'stop', '--give-up-delted'],
	"stop does not take '--give-up-delted'; did you mean '--give-up-deleted'?",
);
test(
	'so with an action that has no option of its own',
	refuses,
	['-p', 'x', 'wait', '--jsn'],
	"wait does not take '--jsn'; did you mean '--json'?",
);
test(
	'a file behind check is not the file that is checked',
	refuses,
	['-p', 'x', 'check', 'zeo.conf'],
	"check does not take 'zeo.conf'",
);

test('errors are JSON where JSON is asked for', async t => {
	const {code, stdout, stderr} = await plain('--json', 'status');
	t.is(code, 2);
	t.is(stderr, '');
	t.deepEqual(JSON.parse(stdout), {
		error: {code: 'USAGE', message: 'no program specified; use -p or -C', hint: null},
	});
	t.is((await plain('-p', 'x', 'bogus', '--json')).stderr, '');
});

test('a mistake in the file is a usage error', async t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'd.conf'), '<runner>\n program a\n daemon 1\n</runner>\n');
	const system = fakeSystem(['-C', 'd.conf', 'status'], {cwd: folder});
	t.is(await main(system), 2);
	t.is(
		system.written.stderr,
		`Error: not a valid boolean value: '1' (line 3, in file://${folder}/d.conf)\n${help}`,
	);
});

for (const [words, hint] of [
	[['status', '-C', 'my d.conf', '-l'], "-C 'my d.conf' status -l"],
	[['start', '-Cd.conf'], '-Cd.conf start'],
	[['status', '--configure=d.conf'], '--configure=d.conf status'],
	[['stop', '-p', 'sleep 9'], "-p 'sleep 9' stop"],
	[['my d.conf', 'start'], "-C 'my d.conf' start"],
] as const)
	test(`a person is told that options come before the action: ${words.join(' ')}`, async t => {
		const folder = temporaryFolder(t);
		writeFileSync(path.join(folder, 'my d.conf'), '');
		const said = async (terminal: boolean) => {
			const system = fakeSystem(words, {cwd: folder, terminal});
			await main(system);
			return system.written.stderr;
		};
		t.true((await said(true)).endsWith(`next: options come before the action: zeoctl ${hint}\n`));
		t.false((await said(false)).includes('next'));
	});

test('a person whose conf is not there, or not to be read, is not told to check it', async t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'd.conf'), '<runner>\nprogram x\n</runner>\n', {mode: 0});
	const said = async (conf: string) => {
		const system = fakeSystem(['-C', conf, 'status'], {cwd: folder, terminal: true});
		await main(system);
		return system.written.stderr;
	};
	t.true((await said('none/c.conf')).endsWith(`\nnext: ls ${folder}\n`));
	if (process.geteuid?.() !== 0)
		t.true((await said('d.conf')).endsWith('\nnext: sudo /usr/bin/zeoctl -C d.conf status\n'));
});

test('a person who forgot the file is shown one', async t => {
	const folder = temporaryFolder(t);
	for (const name of ['zeo.conf', 'my-zdaemon.conf', 'other.conf', 'notzeo.conf'])
		writeFileSync(path.join(folder, name), '');
	const forgetful = async (terminal: boolean) => {
		const system = fakeSystem(['status', '-l'], {cwd: folder, terminal});
		await main(system);
		return system.written.stderr;
	};
	t.true((await forgetful(true)).endsWith('next: zeoctl -C my-zdaemon.conf status -l\n'));
	t.false((await forgetful(false)).includes('next'));
});

test('a message cannot confuse a terminal', async t => {
	const {stderr} = await plain('-p', 'x', '\u001b[31mred');
	t.notRegex(stderr, /\u001b/);
});

for (const [owner, hint, next] of [
	['root', undefined, "sudo /usr/bin/zeoctl -p 'a b' status"],
	['zope', 'move it', "sudo -u zope /usr/bin/zeoctl -p 'a b' status; or move it"],
	['1001', undefined, "sudo -u '#1001' /usr/bin/zeoctl -p 'a b' status"],
] as const)
	test(`the same command for ${owner} is printed as it can be typed`, async t => {
		const system = {
			...fakeSystem(['-p', 'a b', 'status']),
			loadSettings: () => {
				throw new ZeoctlError('PERMISSION', 'cannot', {asUser: owner, ...(hint && {hint})});
			},
		};
		t.is(await main(system), 4);
		t.is(system.written.stderr, `Error: cannot\nnext: ${next}\n`);
	});

test('root, who has become nobody else, is told how to become the user who may', async t => {
	const system = {
		...fakeSystem(['-p', 'x', 'status'], {euid: 0}),
		loadSettings: () => {
			throw new ZeoctlError('PERMISSION', 'cannot', {asUser: 'root'});
		},
	};
	t.is(await main(system), 4);
	t.is(system.written.stderr, 'Error: cannot\nnext: /usr/bin/zeoctl -u root -p x status\n');
});

test('root, who has become the user that the conf names, is not told to be another one', async t => {
	let euid = 0;
	const scene = fakeSystem(['-p', 'x', '-u', 'nobody', 'status'], {
		euid: 0,
		contact: new ZeoctlError('PERMISSION', 'cannot', {asUser: 'root', hint: 'look'}),
	});
	const identity = {
		...scene.identity,
		geteuid: () => euid,
		setuid: (uid: number) => {
			euid = uid;
		},
	};
	t.is(await main({...scene, identity}), 4);
	t.is(scene.written.stderr, 'Error: cannot\nnext: look\n');
});

test('a defect is told, not thrown', async t => {
	const system = {
		...fakeSystem(['-p', 'x', 'status']),
		loadSettings: () => {
			throw new TypeError('defect');
		},
	};
	t.is(await main(system), 1);
	t.regex(system.written.stderr, /^Error: TypeError: defect\n/);
});

test('the session is closed whatever happens', async t => {
	let isClosed = false;
	const session = {
		protocol: 'json',
		status: () => Promise.reject(new Error('gone')),
		ask: () => Promise.reject(new Error('gone')),
		statuses: async function* () {},
		close: () => {
			isClosed = true;
		},
	} as const;
	t.is((await run(['status'], {contact: {contact: 'session', session}})).code, 1);
	t.true(isClosed);
});

test('root looks the user up before anything is asked', async t => {
	const {code, stderr} = await run(['-u', 'no-such-user-here', 'status']);
	t.is(code, 2);
	t.is(stderr, `Error: username 'no-such-user-here' not found\n${help}`);
});

test('root becomes the instance’s user before the supervisor is asked', async t => {
	const system = fakeSystem(['-p', 'x', '-u', 'nobody', 'status'], {euid: 0});
	t.is(await main(system), 3);
	t.deepEqual(
		system.deeds.map(deed => deed.split(' ')[0]),
		['initgroups', 'setgid', 'setuid', 'connect'],
	);
});
