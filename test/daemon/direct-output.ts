import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openDirectOutput} from '../../src/daemon/direct-output.js';
import {readJournal} from '../../src/transcript/journal.js';
import {takeLock} from '../../src/transcript/system-tools.js';
import {openFolder, ownRotation, waitFor} from '../helpers/transcript.js';

/** An output whose first rotation is due, and what it needs to be watched. */
const openLarge = (t: ExecutionContext) => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(log, `${'x'.repeat(99)}\n`.repeat(200_000));
	const output = openDirectOutput({
		path: log,
		umask: 0o022,
		runDirectory,
		settings: ownRotation,
		formerPid: undefined,
	});
	const stateDirectory = path.join(folder, 'memory');
	fs.mkdirSync(stateDirectory);
	const context = {
		stateDirectory,
		programPid: () => null,
		publish: () => undefined,
		log: {warning: (text: string) => t.fail(text)},
	};
	return {folder, runDirectory, log, output, context};
};

test('a rotation that is under way at the end is completed', async t => {
	const {folder, runDirectory, log, output, context} = openLarge(t);
	void output.watch(context);
	await waitFor('a rotation', () => readJournal(runDirectory) !== undefined);
	output.unwatch();
	await output.close();
	t.is(readJournal(runDirectory), undefined);
	t.is(fs.statSync(`${log}.1`).size, 20_000_000);
	t.deepEqual(
		fs.readdirSync(folder).filter(name => name.startsWith('.')),
		[],
	);
});

test('an end waits for a rotation that does not end less long than its clients for an answer', async t => {
	const {runDirectory, output, context} = openLarge(t);
	const lock = fs.openSync(path.join(runDirectory, 'transcript-cut.lock'), 'a');
	t.teardown(() => fs.closeSync(lock));
	t.true((await takeLock(lock, 1)).ok);
	// The timers of an output keep no process alive.
	const alive = setInterval(() => undefined, 1000);
	t.teardown(() => clearInterval(alive));
	await output.watch(context);
	// A client waits for five seconds, and may have begun before.
	const patience = sleep(4750, 'the client');
	t.is(await Promise.race([output.close().then(() => 'the end'), patience]), 'the end');
});
