// `npm test`: build, lint and every test layer, each with its seconds. What this machine cannot offer is skipped
// with a printed reason, unless CI=true. The last line counts the checks and tests of all layers.
import {spawn} from 'node:child_process';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {run} from './progress.mjs';
import {readyPackages, root} from './ready.mjs';
import {readyTestPython} from './test-python.mjs';

const mayNotSkip = process.env.CI === 'true';
const total = {passed: 0, failed: 0};
const skipped = [];
const tool = name => path.join(root, 'node_modules/.bin', name);

const main = async () => {
	process.chdir(root);
	readyPackages();
	const built = await layer('build', async () => {
		await check('tsc', [tool('tsc')]);
		await check('bundle', [process.execPath, 'scripts/bundle.mjs']);
	});
	await layer('lint', async () => {
		await check('biome', [tool('biome'), 'ci', '--error-on-warnings', '--colors=off']);
		await check('knip', [tool('knip')]);
		await check('publint', [tool('publint')]);
	});
	if (built) {
		await layer('python', preparePython);
		await layer('unit', () => suite([]));
		await layer('end-to-end', () => suite(['--config', 'end-to-end.config.js']));
	}
	for (const each of skipped) console.log(`skipped: ${each}`);
	console.log(`${total.passed} passed, ${total.failed} failed`);
	process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
};

const layer = async (name, work) => {
	console.log(`\n== ${name}`);
	const before = {...total};
	const began = performance.now();
	await work();
	const seconds = ((performance.now() - began) / 1000).toFixed(1);
	const [passed, failed] = [total.passed - before.passed, total.failed - before.failed];
	console.log(`== ${name}: ${passed} passed, ${failed} failed in ${seconds} s`);
	return failed === 0;
};

const check = async (name, argv) => {
	const {ok, output} = await run(argv, {env: {...process.env, NO_COLOR: '1'}});
	record(ok, name);
	if (!ok) console.log(output);
};

const record = (ok, name) => {
	total[ok ? 'passed' : 'failed'] += 1;
	console.log(`${ok ? '  ok' : 'FAIL'} ${name}`);
};

const preparePython = async () => {
	try {
		await readyTestPython();
		console.log(`reference packages: ${process.env.ZEOCTL_TEST_PYTHON}`);
	} catch (error) {
		console.log([error.message, error.hint].filter(Boolean).join('\n'));
		if (mayNotSkip) record(false, 'reference packages');
		else
			skipped.push(
				'every comparison with zdaemon, ZConfig and ZEO: no Python environment (see above)',
			);
	}
};

// Runs AVA and retells its TAP: one line per test, the details of failures at once.
const suite = async args => {
	const ava = spawn(tool('ava'), ['--tap', ...args], {stdio: ['ignore', 'pipe', 'inherit']});
	const ended = new Promise(resolve => ava.once('close', resolve));
	const failedBefore = total.failed;
	let title = '';
	for await (const line of createInterface({input: ava.stdout})) {
		const result = /^(ok|not ok) \d+(?: - (.*?))?(?: # (SKIP|TODO).*)?$/.exec(line);
		if (result) {
			title = result[2];
			if (result[3]) skip(title, result[3]);
			else record(result[1] === 'ok', title);
		} else if (/^#\s+skipped\b/i.test(line)) {
			skip(title, line.replace(/^#\s+skipped:?\s*/i, ''));
		} else if (/^(#?\s{2}|Bail)/.test(line)) {
			console.log(`     ${line}`);
		}
	}
	const status = await ended;
	if (status !== 0 && total.failed === failedBefore)
		record(false, `ava ended with status ${status}`);
};

const skip = (title, reason) => {
	if (mayNotSkip) record(false, `${title}: may not be skipped with CI=true (${reason})`);
	else skipped.push(`${title} (${reason})`);
};

await main();
