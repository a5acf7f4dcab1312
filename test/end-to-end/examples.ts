import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {type Block, fencedBlocks} from '../helpers/readme.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand, zeoctlFile} from '../helpers/zeoctl.js';

const examples = path.join(projectRoot, 'examples');

/** Those that need ZEO or zdaemon, and those that need nothing. */
const withPython = [
	...['zeo', 'moving-from-zdaemon', 'scheduled-pack'],
	...['storages-with-blobs', 'tls'],
];
const withoutPython = ['minimal'];

type Step = {readonly commands: Block; readonly printed: string};

/** Commands and what they print: a block of `sh`, and the block of `text` that follows it. */
const readSteps = (name: string): readonly Step[] => {
	const blocks = fencedBlocks(readFileSync(path.join(examples, name, 'README.md'), 'utf8'));
	return blocks.flatMap((commands, index) => {
		const next = blocks[index + 1];
		const printed = next?.info === 'text' ? next.text : '';
		return commands.info === 'sh' ? [{commands, printed}] : [];
	});
};

/** Pids, versions, waiting dots and empty lines differ from run to run. */
const normalize = (text: string): readonly string[] =>
	text
		.replaceAll(/\b(pid=|kill\(|process )\d+/g, '$1PID')
		.replaceAll(/^ZEO \S+ is installed for \S+$/gm, 'ZEO VERSION is installed for PYTHON')
		.split('\n')
		.map(line => line.replace(/^(?:\. )+/, ''))
		.filter(line => line !== '');

/** A copy with a port of its own, that knows where it is. */
const copyExample = async (t: ExecutionContext, name: string) => {
	const cwd = path.join(temporaryFolder(t), name);
	cpSync(path.join(examples, name), cwd, {recursive: true});
	const port = await findFreePort();
	for (const file of readdirSync(cwd).filter(file => file.endsWith('.conf'))) {
		const conf = path.join(cwd, file);
		const text = readFileSync(conf, 'utf8').replace(`/srv/${name}`, cwd);
		writeFileSync(conf, text.replaceAll(':8100', `:${port}`));
	}
	return {cwd, port};
};

/** A folder that holds `zeoctl` alone: ZEO's own command of that name comes later on the PATH. */
const folderOfCommand = (t: ExecutionContext): string => {
	const bin = path.join(temporaryFolder(t), 'bin');
	mkdirSync(bin);
	symlinkSync(zeoctlFile, path.join(bin, 'zeoctl'));
	return bin;
};

const runExample = async (
	t: ExecutionContext,
	name: string,
	folders: readonly string[],
): Promise<void> => {
	const {cwd, port} = await copyExample(t, name);
	const steps = readSteps(name);
	t.true(steps.length > 2);
	const PATH = [folderOfCommand(t), ...folders, process.env['PATH']].join(':');
	for (const {commands, printed} of steps) {
		const place = `examples/${name}/README.md:${commands.line}`;
		const ended = await runCommand(t, ['sh', '-euc', commands.text], {cwd, env: {PATH}});
		t.like(ended, {exitCode: 0, stderr: ''}, place);
		const expected = printed.replaceAll(`/srv/${name}`, cwd).replaceAll(':8100', `:${port}`);
		t.deepEqual(normalize(ended.stdout), normalize(expected), place);
	}
};

for (const name of withoutPython) {
	test(`the commands of examples/${name} print what its README says`, async t => {
		await runExample(t, name, [path.dirname(process.execPath)]);
	});
}

for (const name of withPython) {
	test(`the commands of examples/${name} print what its README says`, async t => {
		const python = testPython(t);
		if (python === undefined) return;
		await runExample(t, name, [path.dirname(process.execPath), path.dirname(python)]);
	});
}

test('every example is run', t => {
	const found = readdirSync(examples, {withFileTypes: true}).filter(entry => entry.isDirectory());
	t.deepEqual(found.map(({name}) => name).toSorted(), [...withPython, ...withoutPython].toSorted());
});
