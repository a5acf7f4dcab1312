import path from 'node:path';
import test from 'ava';
import {projectRoot, runCommand} from '../helpers/zeoctl.js';

const script = `
import {surviveMistakes} from ${JSON.stringify(path.join(projectRoot, 'build/src/daemon/mistakes.js'))};
const end = surviveMistakes({critical: text => console.log(text.split('\\n')[0])});
setTimeout(() => { throw new Error('thrown'); }, 1);
Promise.reject(new Error('rejected'));
setTimeout(() => { console.log('lives'); end(); Promise.reject(new Error('late')); }, 50);
`;

test('a mistake of ours is logged and survived, until that ends', async t => {
	const ended = await runCommand(t, [process.execPath, '--input-type=module', '-e', script]);
	t.is(
		ended.stdout,
		'runforever raised: Error: rejected\nrunforever raised: Error: thrown\nlives\n',
	);
	t.is(ended.exitCode, 1);
	t.regex(ended.stderr, /Error: late/);
});
