import test from 'ava';
import {exitCodes} from '../../src/cli/exit-codes.js';
import {renderCommandHelp, renderUsage} from '../../src/cli/help-text.js';
import {main} from '../../src/cli/main.js';
import {registry} from '../../src/cli/registry.js';
import {fakeSystem} from '../helpers/fake-system.js';

const all = async () => {
	const commands = await Promise.all(registry.names().map(registry.find));
	return [...new Set(commands)].filter(command => command !== undefined);
};
const output = async (...words: readonly string[]) => {
	const system = fakeSystem(words);
	t0(await main(system));
	return system.written.stdout;
};
const t0 = (code: number): void => {
	if (code !== 0) throw new Error(`exit status ${code}`);
};

test('the usage text', async t => {
	t.snapshot(renderUsage(await all()));
});

test('the help of a command has its parts in a fixed order', t => {
	t.is(
		renderCommandHelp({
			name: 'fly',
			aliases: ['f'],
			summary: 'leave the ground',
			usage: '[FILE]',
			options: [['FILE', 'where to']],
			exitCodes: ['ok'],
			notes: ['Needs wings.'],
		}),
		`fly, f -- leave the ground

Usage:
  zeoctl [options] fly [FILE]

Options:
  FILE  where to

Exit codes:
  0  ${exitCodes.ok.meaning}

Notes:
  Needs wings.
`,
	);
});

test('every command explains itself', async t => {
	for (const command of await all()) {
		const text = await output('help', command.name);
		t.true(text.startsWith(command.name));
		t.true(text.includes('\nExit codes:\n'));
		t.true(command.summary.length > 10 && !command.summary.endsWith('.'), command.name);
	}
});

test('no line is wider than a terminal', async t => {
	const commands = await all();
	const texts = [renderUsage(commands), ...commands.map(renderCommandHelp)];
	for (const line of texts.join('\n').split('\n')) t.true(line.length < 80, line);
});

test('every name of a command leads to it, every alias is listed', async t => {
	for (const name of registry.names()) {
		const command = await registry.find(name);
		t.true(command?.name === name || command?.aliases?.includes(name), name);
	}
	for (const {aliases = []} of await all())
		for (const alias of aliases) t.true(registry.names().includes(alias), alias);
});

test('help by flag and by action need no configuration', async t => {
	t.regex(await output('-h'), /-b\/--backoff-limit SECONDS/);
	t.regex(await output('help'), /Documented commands/);
	t.regex(await output('?', 'kill'), /^kill -- /);
	t.is(await output('help', 'fg'), await output('help', 'foreground'));
});

test('help in JSON lists commands, flags and exit codes', async t => {
	const {commands, flags, exitCodes: codes} = JSON.parse(await output('help', '--json'));
	t.true(commands.some(({name}: {name: string}) => name === 'status'));
	t.true(flags.some(({long}: {long: string}) => long === 'configure'));
	t.is(codes.notRunning.code, 3);
});
