// Runs the everyday commands once, each as a user would: V8's work on what they run is then kept in dist/lib (see
// src/platform/code-cache.ts), so that not even the first user waits for it.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const entry = path.resolve('dist/zeoctl.cjs');
const folder = await mkdtemp(path.join(tmpdir(), 'zeoctl-warm-'));
const conf = path.join(folder, 'warm.conf');
const runner = ['program sleep 60', 'socket-name sock', 'transcript log'];
await writeFile(conf, `<runner>\n${runner.join('\n')}\n</runner>\n`);
try {
	await run('start');
	const waited = run('wait');
	await run('status');
	await run('check');
	await run('kill', 'CONT');
	await run('restart');
	await untilKept('logtail', async ms => {
		const following = begin('logtail');
		await sleep(ms);
		following.kill('SIGINT');
		await once(following, 'exit');
	});
	await run('stop');
	await waited;
	// The supervisor, which leaves when its program has been stopped.
	await untilKept('supervise', sleep);
} finally {
	await rm(folder, {recursive: true, force: true});
}

function begin(...words) {
	const options = {cwd: folder, stdio: 'ignore'};
	return spawn(process.execPath, [entry, '-C', conf, ...words], options);
}

async function run(...words) {
	const [code] = await once(begin(...words), 'exit');
	if (code !== 0) throw new Error(`zeoctl ${words.join(' ')} failed with status ${code}`);
}

async function untilKept(word, work) {
	for (let ms = 100; ms < 60_000; ms *= 2) {
		await work(ms);
		const names = await readdir(path.join(path.dirname(entry), 'lib'));
		if (names.some(name => name.endsWith(`.${word}.code`))) return;
	}
	throw new Error(`nothing was kept for ${word}`);
}
