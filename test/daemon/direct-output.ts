import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openDirectOutput} from '../../src/daemon/direct-output.js';
import {readJournal} from '../../src/transcript/journal.js';
import {openFolder, waitFor} from '../helpers/transcript.js';

test('a rotation that is under way at the end is completed', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(log, `${'x'.repeat(99)}\n`.repeat(200_000));
	const output = openDirectOutput({
		path: log,
		umask: 0o022,
		runDirectory,
		settings: {
			mode: 'direct',
			maxSize: 1_000_000,
			oldFiles: 1,
			totalSize: 1e9,
			compress: false,
			timestamps: false,
			format: 'text',
			onSlow: 'drop',
			queueSize: 1_000_000,
			isAsked: true,
		},
		formerPid: undefined,
	});
	const stateDirectory = path.join(folder, 'memory');
	fs.mkdirSync(stateDirectory);
	void output.watch({
		stateDirectory,
		programPid: () => null,
		publish: () => undefined,
		log: {warning: text => t.fail(text)},
	});
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
