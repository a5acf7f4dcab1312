import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {parseArguments} from '../src/cli/arguments.js';
import {registry} from '../src/cli/registry.js';
import {listenForSignals} from '../src/daemon/signals.js';
import {programEnvironment} from '../src/program/environment.js';
import {splitProgram} from '../src/schema/program-words.js';
import {nodeFileSystem, surroundingsOf} from '../src/settings/file-system.js';
import {fencedBlocks, findTables, firstCells, readReadme} from './helpers/readme.js';
import {renderTables} from './helpers/readme-tables.js';
import {projectRoot} from './helpers/zeoctl.js';

const readme = readReadme();
const blocks = fencedBlocks(readme);
const pages = [
	...['README.md', 'CHANGELOG.md', 'examples/README.md'],
	...readdirSync(path.join(projectRoot, 'examples'), {withFileTypes: true})
		.filter(entry => entry.isDirectory())
		.map(({name}) => `examples/${name}/README.md`),
];
const readPage = (page: string): string => readFileSync(path.join(projectRoot, page), 'utf8');

test('the tables of the README are those of the program', async t => {
	const expected = await renderTables();
	t.deepEqual(
		Object.fromEntries(findTables(readme)),
		expected,
		'after a build, make them anew: node scripts/readme-tables.mjs',
	);
});

for (const page of pages) {
	test(`every link of ${page} leads somewhere`, t => {
		const links = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '');
		const own = links.filter(link => !/^[a-z]+:/.test(link));
		t.true(links.length > 0);
		t.deepEqual(
			own.filter(link => !leadsSomewhere(page, link)),
			[],
		);
	});
}

const leadsSomewhere = (page: string, link: string): boolean => {
	const [file = '', anchor] = link.split('#');
	const target = file === '' ? page : path.join(path.dirname(page), file);
	if (!existsSync(path.join(projectRoot, target))) return false;
	return anchor === undefined || anchorsOf(readPage(target)).includes(anchor);
};

/** As GitHub makes them of headings. */
const anchorsOf = (markdown: string): readonly string[] =>
	[...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(
		([, heading = '']) =>
			heading
				.toLowerCase()
				.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
				.replaceAll(' ', '-'),
	);

/** Every command line of ours that a page shows: in its blocks, and in backquotes. */
const commandLines = (markdown: string): readonly string[] => {
	const shown = fencedBlocks(markdown).filter(({info}) => /^(?:sh|ini)\b/.test(info));
	const inText = [...markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)];
	return [...shown.flatMap(({text}) => text.split('\n')), ...inText.map(match => match[1] ?? '')]
		.flatMap(line => line.split(/\||<\(|&&|=\/usr\/bin\//))
		.map(line => line.replace(/^\s*exec /, '').trim())
		.filter(line => /^zeoctl .*[a-z]/.test(line) && !line.includes('...'));
};

const surroundings = surroundingsOf(nodeFileSystem, {}, '/');

const objectionTo = async (line: string): Promise<string | undefined> => {
	const words = splitProgram(line.replace(/[)>].*$/, '')).slice(1);
	if (words[0] === '[options]') return undefined;
	const {words: rest, asksFor} = parseArguments(words, surroundings);
	const [action = '', ...others] = rest;
	if (asksFor !== undefined) return undefined;
	const command = await registry.find(action);
	if (command === undefined) return `no command '${action}'`;
	const known = JSON.stringify([command.usage, command.options ?? []]);
	const unknown = others.filter(word => word.startsWith('-') && !known.includes(word));
	return unknown.length === 0 ? undefined : `no option ${unknown.join(' ')} of ${action}`;
};

for (const page of pages) {
	test(`every command line of ${page} is one that zeoctl understands`, async t => {
		const lines = commandLines(readPage(page));
		for (const line of lines) {
			await t.notThrowsAsync(async () => t.is(await objectionTo(line), undefined, line), line);
		}
		t.true(page !== 'README.md' || lines.length > 20);
	});
}

test('every shell example can be parsed', t => {
	const examples = pages.flatMap(page => fencedBlocks(readPage(page)));
	const shell = examples.filter(({info}) => /^sh\b/.test(info));
	t.true(shell.length > 10);
	for (const {text} of shell) {
		const {status, stderr} = spawnSync('sh', ['-n'], {input: text, encoding: 'utf8'});
		t.is(status, 0, `${text}${stderr}`);
	}
});

test('the words of a program line are split as the README says', t => {
	const [block] = blocks.filter(({info}) => info === 'text words');
	const lines = (block?.text ?? '').trimEnd().split('\n');
	t.true(lines.length > 2);
	for (const line of lines) {
		const [text = '', words = ''] = line.split(/\s+-> /);
		t.deepEqual(splitProgram(text), words.split('|'), line);
	}
});

/** The numbers that stand before the colon of a title, as in `promises 1, 3 and 6: ...`. */
const promisesOf = (source: string): readonly string[] =>
	[...source.matchAll(/['"`](?:\w+ \d+, )?promises? (\d+(?:(?:, | and )\d+)*): /g)].flatMap(
		([, numbers = '']) => numbers.split(/, | and /),
	);

test('every promise of the README has a test that is named after it, and every such test a promise', t => {
	const [, section = ''] = /^## What it promises\n([\s\S]*?)^## /m.exec(readme) ?? [];
	const promised = [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
	const folder = path.join(projectRoot, 'test');
	const sources = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(
		file => file.endsWith('.ts') && !/^(?:helpers|fixtures)\//.test(file),
	);
	const proved = sources.flatMap(file => promisesOf(readFileSync(path.join(folder, file), 'utf8')));
	t.true(promised.length > 0);
	t.deepEqual(
		promised,
		promised.map((_, index) => index + 1),
	);
	t.deepEqual(
		[...new Set(proved.map(Number))].toSorted((one, other) => one - other),
		promised,
	);
});

/** The first column of a table that has this head. */
const columnOf = (head: string): readonly string[] => {
	const start = readme.indexOf(`| ${head} |`);
	return firstCells(readme.slice(start, readme.indexOf('\n\n', start)));
};

test('the signals of the README are those that a supervisor listens for', t => {
	const documented = columnOf('signal to the supervisor')
		.flatMap(cell => cell.split(', '))
		.filter(name => name !== 'SIGPIPE');
	const before = new Set(process.eventNames());
	const signals = listenForSignals();
	const heard = process.eventNames().filter(name => !before.has(name));
	signals.close();
	t.deepEqual(documented.toSorted(), heard.map(String).toSorted());
});

test('the variables of the README are those that a program does not get', t => {
	const [sentence = ''] = /less what was meant for\s+`zeoctl` itself: [^.]*\./.exec(readme) ?? [];
	const names = [...sentence.matchAll(/`([A-Z_a-z]+?_?)(\*?)`/g)]
		.map(([, name = '', star]) => (star ? `${name}X` : name))
		.filter(name => name !== 'zeoctl');
	t.true(names.length > 6);
	const caller = Object.fromEntries([...names, 'PATH'].map(name => [name, 'x']));
	t.deepEqual(programEnvironment(caller, {}), {PATH: 'x'});
	t.deepEqual(programEnvironment(caller, {NODE_X: 'y'}), {PATH: 'x', NODE_X: 'y'});
});

test('systemd tries no exit status again: each is a decision', t => {
	const unit = readPage('units/zeo.service');
	t.is(/^Restart=(.*)$/m.exec(unit)?.[1], 'on-abnormal');
});

test('all defects of zdaemon are accounted for', t => {
	const start = readme.indexOf('| | zdaemon 5.2.1 | zeoctl |');
	const numbers = firstCells(readme.slice(start, readme.indexOf('\n\n', start)));
	t.deepEqual(
		numbers,
		Array.from({length: 25}, (_, index) => String(index + 1)),
	);
});

test('the changelog and the installation are of this version', t => {
	const {version}: {version: string} = JSON.parse(readPage('package.json'));
	t.true(readPage('CHANGELOG.md').includes(`\n## ${version} (`));
	t.true(readme.includes(`npm install --global zeoctl-${version}.tgz`));
});
