import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import test from 'ava';
import {appendAtOnce, takeLock} from '../../src/transcript/system-tools.js';
import {openFolder, programPath, waitFor} from '../helpers/transcript.js';

test('what is appended at once is there whole or not at all, whoever is killed meanwhile', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'first\n');
	fs.writeFileSync(`${log}.lock`, '');
	for (let round = 0; round < 20; round += 1) {
		const {size} = fs.statSync(log);
		const child = spawn(process.execPath, [programPath('appends-for-ever'), log], {
			stdio: 'ignore',
		});
		await waitFor('output', () => fs.statSync(log).size > size);
		const ended = once(child, 'exit');
		setTimeout(() => child.kill('SIGKILL'), round % 5);
		t.deepEqual(await ended, [null, 'SIGKILL']);
		const lock = fs.openSync(`${log}.lock`, 'a');
		t.true((await takeLock(lock, 30)).ok);
		fs.closeSync(lock);
	}
	const [first, ...lines] = fs.readFileSync(log, 'latin1').split('\n');
	t.is(first, 'first');
	t.is(lines.pop(), '');
	t.true(lines.length >= 20);
	t.deepEqual(
		lines.filter(line => !/^\d+x+$/.test(line) || line.length !== 7999),
		[],
	);
});

test('a file that takes nothing is told in the words of the system', async t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, 'old\n');
	const descriptor = fs.openSync('/dev/full', 'a');
	const lock = fs.openSync(log, 'r');
	t.teardown(() => [descriptor, lock].forEach(each => void fs.closeSync(each)));
	t.like(await appendAtOnce({descriptor, text: 'new\n', lock}), {ok: false});
	const {message} = await appendAtOnce({descriptor, text: 'new\n', lock});
	t.regex(message, /^dd: .*No space left on device$/);
});
