// Lets V8 compile what the everyday commands run, once, and keeps the result in dist/lib (see
// src/platform/code-cache.ts): a real start, status and stop of `sleep` and a look at a log, all in this process, and
// the supervisor that `start` leaves behind keeps its own code when it ends.
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {loadCompiled} from '../build/src/platform/code-cache.js';

const dist = path.resolve('dist');
const entry = path.join(dist, 'zeoctl.cjs');
const [, , buildId] = process.argv;
const folder = await mkdtemp(path.join(tmpdir(), 'zeoctl-warm-'));
try {
	const conf = path.join(folder, 'warm.conf');
	await writeFile(conf, '<runner>\n  program sleep 60\n  socket-name sock\n</runner>\n');
	process.chdir(folder);
	const client = await load('client');
	const dialogue = await load('dialogue');
	const follower = await load('follower');
	const run = async ({exports}, ...words) => {
		process.argv = [process.execPath, entry, '-C', conf, ...words];
		await exports.run();
	};
	await run(client, 'status');
	await run(dialogue, 'start');
	await run(client, 'status');
	await run(dialogue, 'restart');
	await run(dialogue, 'stop');
	await run(client, 'status');
	// It follows until it is interrupted.
	const interrupts = setInterval(() => process.emit('SIGINT', 'SIGINT'), 50).unref();
	await run(follower, 'logtail', conf);
	clearInterval(interrupts);
	client.save();
	dialogue.save();
	follower.save();
	const supervisor = codeFile(path.join(dist, 'lib/supervisor.cjs'));
	for (
		let tries = 0;
		tries < 100 && !(await readdir(path.dirname(supervisor))).includes(path.basename(supervisor));
		tries++
	) {
		await sleep(20);
	}
} finally {
	process.chdir(dist);
	await rm(folder, {recursive: true, force: true});
}

async function load(part) {
	const file = path.join(dist, 'lib', `${part}.cjs`);
	return loadCompiled(file, codeFile(file), createRequire(file));
}

// The name that the entry has for the code of a file, whose content the id stands for.
function codeFile(file) {
	return `${file}.${buildId}.code`;
}
