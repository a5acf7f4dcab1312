import {mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {text as readText} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {fencedBlocks, readReadme} from '../helpers/readme.js';
import {lastExitWords, statusWords, storageWords} from '../helpers/readme-words.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {runCommand, startZeoctl, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

const readme = readReadme();
const blocks = fencedBlocks(readme);
const blocksOf = (info: string): readonly string[] =>
	blocks.filter(block => block.info === info).map(({text}) => text);

type Instance = {
	readonly cwd: string;
	zeoctl(...words: string[]): ReturnType<typeof zeoctl>;
	answer(...words: string[]): Promise<Readonly<Record<string, unknown>>>;
};

/** A conf for `program`, in a folder of its own. */
const makeInstance = (t: ExecutionContext, program = 'sleep 3600'): Instance => {
	const cwd = temporaryFolder(t);
	const sections = '<zeo>\n  address 127.0.0.1:1\n</zeo>\n<filestorage main>\n  path Data.fs\n';
	const runner = `<runner>\n  program ${program}\n  socket-name sock\n  backoff-limit 2\n</runner>\n`;
	writeFileSync(path.join(cwd, 'zeo.conf'), `${sections}</filestorage>\n${runner}`);
	const run = (...words: string[]) => zeoctl(t, ['-C', 'zeo.conf', ...words], {cwd});
	return {
		cwd,
		zeoctl: run,
		answer: async (...words) => JSON.parse((await run(...words, '--json')).stdout),
	};
};

const typeOf = (value: unknown): string =>
	value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** What the README says of the fields of an object is what they are. */
const compareFields = (
	t: ExecutionContext,
	value: unknown,
	words: Readonly<Record<string, readonly string[]>>,
): void => {
	const entries = Object.entries(value ?? {});
	t.deepEqual(entries.map(([name]) => name).toSorted(), Object.keys(words).toSorted());
	for (const [name, field] of entries) {
		const types = words[name]?.[0]?.split(', ') ?? [];
		t.true(types.includes(typeOf(field)), `${name} is ${typeOf(field)}, not ${types}`);
	}
};

test('status --json has the fields of the README, whatever it finds', async t => {
	const instance = makeInstance(t);
	const {storages, ...down} = await instance.answer('status');
	compareFields(t, {storages, ...down}, statusWords);
	for (const storage of storages as readonly unknown[]) compareFields(t, storage, storageWords);
	await instance.zeoctl('start');
	compareFields(t, await instance.answer('status'), statusWords);
	await instance.zeoctl('restart');
	const again = await instance.answer('status');
	compareFields(t, again, statusWords);
	compareFields(t, again['lastExit'], lastExitWords);
	await instance.zeoctl('stop');
	writeFileSync(path.join(instance.cwd, 'sock'), '');
	compareFields(t, await instance.answer('status'), statusWords);
});

/** The names of all fields, however deep; values do not matter. */
const shapeOf = (value: unknown): unknown => {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return 0;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
};

test('every command answers in JSON as the README shows', async t => {
	const lines = blocksOf('jsonl answers').flatMap(text => text.trimEnd().split('\n'));
	const documented = lines.map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
	const instance = makeInstance(t, 'sleep 3600\n  forever on');
	for (const example of documented) {
		const action = example['action'] ?? ('version' in example ? 'version' : 'check');
		const words = action === 'kill' ? ['kill', 'HUP'] : [String(action)];
		const given = await (action === 'wait' ? awaitEnd(instance) : instance.answer(...words));
		t.deepEqual(shapeOf(given), shapeOf(example), String(action));
		if (action !== 'logreopen') t.is(given['outcome'], example['outcome'], String(action));
	}
	t.true(documented.length > 7);
});

/** However slow the machine is, the program ends while somebody waits for it, or is down. */
const awaitEnd = async ({answer, zeoctl}: Instance) => {
	let ended = false;
	const waiting = answer('wait').finally(() => {
		ended = true;
	});
	while (!ended) await zeoctl('kill', 'HUP');
	return waiting;
};

test('a start that fails carries its error code, and what the README lists', async t => {
	const {answer} = makeInstance(t, 'sh -c "echo no; exit 3"');
	const given = await answer('start');
	t.like(given, {outcome: 'failed', error: {code: 'START_FAILED'}, lastOutput: ['no']});
	t.like(given['lastExit'], {code: 3});
	t.true(Array.isArray(given['explanation']));
});

test('a start that takes too long carries its error code', async t => {
	const {answer, zeoctl} = makeInstance(
		t,
		'sleep 3600\n  start-test-program false\n  start-timeout 0',
	);
	t.like(await answer('start'), {outcome: 'too-long', error: {code: 'START_TIMEOUT'}});
	t.is((await zeoctl('stop')).exitCode, 0);
});

/** Numbers and pids differ; everything else of a reply is as the README prints it. */
const withoutNumbers = (line: string): string => line.replaceAll(/\d+(?:\.\d+)?/g, '0');

for (const [index, text] of blocksOf('text exchange').entries()) {
	test(`exchange ${index + 1} with the control socket goes as the README shows`, async t => {
		const {cwd, zeoctl} = makeInstance(t);
		await zeoctl('start');
		const lines = text.trimEnd().split('\n');
		const side = (mark: string) =>
			lines.filter(line => line.startsWith(mark)).map(line => line.slice(mark.length));
		const socket = net.connect({path: path.join(cwd, 'sock'), allowHalfOpen: true});
		socket.end(`${side('> ').join('\n')}\n`);
		const replies = (await readText(socket)).trimEnd().split('\n');
		const comparable = (all: readonly string[]) => all.map(withoutNumbers).toSorted();
		t.deepEqual(comparable(replies), comparable(side('< ')));
	});
}

test('the commands of the README that need nothing run as printed', async t => {
	const cwd = temporaryFolder(t);
	symlinkSync(zeoctlFile, path.join(cwd, 'zeoctl'));
	const PATH = [cwd, path.dirname(process.execPath), process.env['PATH']].join(':');
	const examples = blocksOf('sh run');
	t.true(examples.length > 0);
	for (const text of examples) {
		const ended = await runCommand(t, ['sh', '-euc', text], {cwd, env: {PATH}});
		t.like(ended, {exitCode: 0, stderr: ''}, text);
		t.regex(
			ended.stdout,
			/started, pid=\d+\nprogram running; pid=\d+\n(?:\. )*\ndaemon process stopped\n$/,
		);
	}
});

test('a supervisor leaves no files but those of the README', async t => {
	const {cwd, zeoctl} = makeInstance(t);
	const state = path.join(cwd, '.sock.d');
	await zeoctl('start');
	const alive = readdirSync(state);
	await zeoctl('reopen_transcript');
	await zeoctl('stop');
	const names = [...alive, ...readdirSync(state)];
	t.true(readme.includes('`.zeo.sock.d` for `zeo.sock`'));
	t.true(names.includes('status'));
	t.deepEqual(
		names.filter(name => !readme.includes(`\`STATE/${name}\``)),
		[],
	);
	t.deepEqual(readdirSync(cwd).toSorted(), ['.sock.d', 'Data.fs.zeoctl-lock', 'zeo.conf']);
});

test('exit codes are those of the README', async t => {
	const cwd = temporaryFolder(t);
	const run = async (...words: string[]) => (await zeoctl(t, words, {cwd})).exitCode;
	t.is(await run('-p', 'true', 'stop'), 0);
	t.is(await run('-p', 'true', 'kill'), 1);
	t.is(await run('-p', 'true', 'frobnicate'), 2);
	t.is(await run('-p', 'true', 'status'), 3);
	mkdirSync(path.join(cwd, 'zdsock'));
	t.is(await run('-p', 'true', 'status'), 4);
	t.is(await run('-p', './none', '-s', 'other', 'fg'), 127);
	t.is(await run('-p', 'sh -c "exit 7"', '-s', 'other', 'fg'), 7);
});

test('every signal of the README that ends a supervisor stops the program and exits 0', async t => {
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
		const {cwd, zeoctl} = makeInstance(t);
		const supervisor = startZeoctl(t, ['-C', 'zeo.conf', 'supervise'], {cwd});
		await waitForRunning(t, zeoctl);
		supervisor.kill(signal);
		t.is((await supervisor.result).exitCode, 0, signal);
		t.is((await zeoctl('status')).exitCode, 3);
	}
});

const waitForRunning = async (t: ExecutionContext, command: Instance['zeoctl']): Promise<void> => {
	for (let tries = 0; tries < 300; tries++) {
		if ((await command('status', '--strict')).exitCode === 0) return;
	}
	t.fail('the supervisor does not come up');
};
