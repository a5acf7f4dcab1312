import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openProgramOutput} from '../../src/daemon/program-output.js';
import {openFolder, ownRotation} from '../helpers/transcript.js';

const outputs = [
	['a transcript', 'direct', true],
	['a transcript of the pump', 'pump', true],
	['the last output', 'direct', false],
] as const;

for (const [title, mode, hasTranscript] of outputs) {
	test(`${title} that is closed leaves alone whose descriptor it was`, async t => {
		const {folder, runDirectory, log} = openFolder(t);
		const output = await openProgramOutput({
			place: {
				directory: undefined,
				umask: undefined,
				transcript: hasTranscript ? log : undefined,
			},
			mode: 'detached',
			runDirectory,
			settings: {...ownRotation, mode},
			formerPid: undefined,
			isSuccessor: false,
			writeError: text => t.fail(text),
		});
		output.write('in time\n');
		await output.close();
		if (hasTranscript) fs.renameSync(log, `${log}.1`);
		// Among them are the descriptors that have become free.
		const others = ['a', 'b', 'c'].map(name => path.join(folder, name));
		for (const other of others) {
			const descriptor = fs.openSync(other, 'a');
			t.teardown(() => fs.closeSync(descriptor));
			fs.writeSync(descriptor, 'of others\n');
		}
		output.write('late\n');
		await output.reopen(null);
		for (const other of others) t.is(fs.readFileSync(other, 'utf8'), 'of others\n');
		t.false(fs.existsSync(log));
		if (hasTranscript) t.is(fs.readFileSync(`${log}.1`, 'utf8'), 'in time\n');
	});
}
