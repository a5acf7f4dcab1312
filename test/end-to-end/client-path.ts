import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, runCommand, startCommand, zeoctl, zeoctlFile} from '../helpers/zeoctl.js';

type Loaded = {readonly files: readonly string[]; readonly builtins: readonly string[]};

const hook = path.join(projectRoot, 'test/fixtures/list-modules.cjs');
// The two files of the client; everything else, packages above all, is left to other commands.
const clientFiles = [zeoctlFile, path.join(projectRoot, 'dist/lib/client.cjs')];
// Parts of Node that cost milliseconds.
const heavy =
	/^(?:internal\/)?(?:child_process|cluster|crypto|dgram|dns|fs\/promises|https?|http2|inspector|readline|timers\/promises|tls|worker|zlib|deps\/undici)/;

const loadedBy = async (
	t: ExecutionContext,
	cwd: string,
	script: readonly string[],
): Promise<Loaded> => {
	const report = path.join(cwd, 'modules.json');
	const argv: [string, ...string[]] = [process.execPath, '--require', hook, ...script];
	await runCommand(t, argv, {cwd, env: {ZEOCTL_TEST_MODULES: report, NODE_V8_COVERAGE: undefined}});
	const loaded: Loaded = JSON.parse(readFileSync(report, 'utf8'));
	return loaded;
};

const check = async (t: ExecutionContext, cwd: string, conf: string): Promise<void> => {
	const plain = path.join(cwd, 'plain.cjs');
	writeFileSync(plain, "require('node:net');\n");
	const usual = await loadedBy(t, cwd, [plain]);
	t.deepEqual(usual.files, [plain]);
	const {files, builtins} = await loadedBy(t, cwd, [zeoctlFile, '-C', conf, 'status']);
	t.deepEqual(files.toSorted(), clientFiles.toSorted());
	const further = builtins.filter(name => !usual.builtins.includes(name));
	t.deepEqual(
		further.filter(name => heavy.test(name)),
		[],
	);
};

test('status of a running program loads the client and nothing heavy of Node', async t => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'd.conf');
	writeFileSync(conf, '<runner>\n  program sleep 600\n</runner>\n');
	const start = await zeoctl(t, ['-C', conf, 'start'], {cwd});
	t.is(start.exitCode, 0, start.stderr);
	await check(t, cwd, conf);
	await zeoctl(t, ['-C', conf, 'stop'], {cwd});
});

test('start and stop load one file of ours beside the entry', async t => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'd.conf');
	writeFileSync(conf, '<runner>\n  program sleep 600\n</runner>\n');
	const dialogueFiles = [zeoctlFile, path.join(projectRoot, 'dist/lib/dialogue.cjs')];
	for (const action of ['start', 'stop']) {
		const {files} = await loadedBy(t, cwd, [zeoctlFile, '-C', conf, action]);
		t.deepEqual(files.toSorted(), dialogueFiles.toSorted(), action);
	}
});

test('status without a supervisor loads the client and nothing heavy of Node', async t => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'd.conf');
	writeFileSync(conf, '<runner>\n  program sleep 600\n</runner>\n');
	await check(t, cwd, conf);
});

test('logtail loads one file of ours beside the entry, and of Node no network', async t => {
	const cwd = temporaryFolder(t);
	const conf = path.join(cwd, 'd.conf');
	writeFileSync(conf, '<runner>\n  program sleep 600\n</runner>\n');
	const log = path.join(cwd, 'a.log');
	writeFileSync(log, 'one\n');
	const report = path.join(cwd, 'modules.json');
	const words = ['--require', hook, zeoctlFile, '-C', conf, 'logtail', log];
	const argv: [string, ...string[]] = [process.execPath, ...words];
	const env = {ZEOCTL_TEST_MODULES: report, NODE_V8_COVERAGE: undefined};
	const tail = startCommand(t, argv, {cwd, env});
	await waitFor('the line', () => tail.stdout() === 'one\n');
	tail.kill('SIGINT');
	await tail.result;
	const {files, builtins}: Loaded = JSON.parse(readFileSync(report, 'utf8'));
	t.deepEqual(
		files.toSorted(),
		[zeoctlFile, path.join(projectRoot, 'dist/lib/follower.cjs')].toSorted(),
	);
	t.deepEqual(
		builtins.filter(name => /^(?:net|tty|stream|timers\/promises)$/.test(name)),
		[],
	);
});
