// `npm run soak`: the tests that have two sizes, in the large one, one file after the other. The figures are printed
// under each test; the exit status tells whether all promises held. ZEOCTL_SEED=N is the seed of all of
// them that print one: it repeats what they choose.
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {readyPackages, root} from './ready.mjs';
import {readyTestPython} from './test-python.mjs';

process.chdir(root);
readyPackages();
const run = (command, args, env = {}) => {
	const {status} = spawnSync(command, args, {stdio: 'inherit', env: {...process.env, ...env}});
	if (status !== 0) process.exit(status ?? 1);
};
run('npm', ['run', '--silent', 'build']);
await readyTestPython();
run(path.join(root, 'node_modules/.bin/ava'), ['--config', 'soak.config.js'], {
	CI: 'true',
	ZEOCTL_SOAK: 'full',
});
run(process.execPath, ['build/test/soak/logs.js']);
