import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {normalizeOutput, readSteps} from '../helpers/example-steps.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {projectRoot, runCommand, zeoctlFile} from '../helpers/zeoctl.js';

const examples = path.join(projectRoot, 'examples');

/** Those that need ZEO or zdaemon, and those that need nothing. */
const withPython = [
	...['zeo', 'moving-from-zdaemon', 'scheduled-pack'],
	...['storages-with-blobs', 'tls'],
];
const withoutPython = ['minimal'];

/** Run by `services.ts`, in a machine of its own. */
const inBox = ['systemd'];

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
		t.deepEqual(normalizeOutput(ended.stdout), normalizeOutput(expected), place);
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
	t.deepEqual(
		found.map(({name}) => name).toSorted(),
		[...withPython, ...withoutPython, ...inBox].toSorted(),
	);
});
