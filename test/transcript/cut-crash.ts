import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {recoverCut} from '../../src/transcript/cut.js';
import {cutSteps} from '../../src/transcript/cut-steps.js';
import {openTranscript} from '../../src/transcript/direct.js';
import {probeFileSystem} from '../../src/transcript/file-system.js';
import {reopenTranscript} from '../../src/transcript/reopen.js';
import {bySize} from '../helpers/full-size.js';
import {
	checkNumberedLines,
	openFolder,
	programPath,
	startWriter,
	waitFor,
} from '../helpers/transcript.js';

const truncationSteps = ['journal', 'copy', 'truncate', 'reopen', 'publish', 'clear'] as const;

/** Kills in a row, each with the files of the one before. */
const rounds = bySize(3, 1);

const numberOf = (file: string) => Number(/\d+$/.exec(file)?.[0] ?? 0);

for (const kind of ['rotate', 'reopen'] as const) {
	for (const step of cutSteps) {
		test.serial(
			`a kill before "${step}" of a ${kind} loses, doubles and splits no line`,
			async t => {
				const isBeforeMark = step === 'journal' || step === 'mark';
				const {folder, runDirectory, log} = openFolder(t);
				const {removesHeads, reason} = await probeFileSystem(folder);
				if (!removesHeads) {
					t.log(`skipped: ${reason}`);
					return t.pass();
				}
				const descriptor = openTranscript({path: log, umask: 0o022});
				t.teardown(() => fs.closeSync(descriptor));
				const writer = startWriter(t, {descriptor, args: ['5000', '1']});
				for (let round = rounds; round > 0; round -= 1) {
					const size = fs.fstatSync(descriptor).size;
					await waitFor('output', () => fs.fstatSync(descriptor).size > size + 20_000);
					// As logrotate names them: the oldest has the highest number.
					if (kind === 'reopen') fs.renameSync(log, `${log}.${round}`);
					const args = [kind, log, runDirectory, String(writer.pid), step];
					const killed = spawnSync(process.execPath, [programPath('cuts-transcript'), ...args]);
					t.is(killed.signal, 'SIGKILL', String(killed.stderr));
					await waitFor('more output', () => fs.fstatSync(descriptor).size > 0);
					const recovered = await recoverCut({runDirectory});
					t.false(recovered !== undefined && 'refused' in recovered, JSON.stringify(recovered));
					if (kind === 'reopen') {
						const result = await reopenTranscript({path: log, runDirectory, descriptor});
						t.true(result.confirmed, result.reason);
					}
					t.is(fs.statSync(log).ino, fs.fstatSync(descriptor).ino);
				}
				await writer.stop();
				const names = fs.readdirSync(folder);
				t.deepEqual(
					names.filter(name => name.startsWith('.')),
					[],
				);
				t.deepEqual(fs.readdirSync(runDirectory), ['transcript-cut.lock']);
				const old = names.filter(name => /^out\.log\.\d+$/.test(name));
				t.is(old.length, isBeforeMark && kind === 'rotate' ? 0 : rounds);
				old.sort((one, other) => numberOf(other) - numberOf(one));
				const files = [...old, 'out.log'].map(name => path.join(folder, name));
				const lines = checkNumberedLines(files);
				return t.is(typeof lines, 'number', String(lines));
			},
		);
	}
}

const memoryFolder = '/dev/shm';

for (const step of truncationSteps) {
	test.serial(
		`where heads cannot be removed, a kill before "${step}" of an idle log loses and doubles no line`,
		async t => {
			const {folder, runDirectory, log} = openFolder(t, memoryFolder);
			const {removesHeads} = await probeFileSystem(folder);
			if (removesHeads) {
				t.log(`skipped: ${memoryFolder} can remove heads`);
				return t.pass();
			}
			const descriptor = openTranscript({path: log, umask: 0o022});
			t.teardown(() => fs.closeSync(descriptor));
			const writer = startWriter(t, {descriptor, args: ['5000', '1', '60000']});
			await waitFor('output', () => fs.fstatSync(descriptor).size > 60_000);
			fs.renameSync(log, `${log}.1`);
			const args = ['reopen', log, runDirectory, String(writer.pid), step];
			const killed = spawnSync(process.execPath, [programPath('cuts-transcript'), ...args]);
			t.is(killed.signal, 'SIGKILL', String(killed.stderr));
			const recovered = await recoverCut({runDirectory});
			t.false(recovered !== undefined && 'refused' in recovered, JSON.stringify(recovered));
			const result = await reopenTranscript({path: log, runDirectory, descriptor});
			t.true(result.confirmed, result.reason);
			t.is(fs.statSync(log).ino, fs.fstatSync(descriptor).ino);
			await writer.stop();
			t.deepEqual(fs.readdirSync(folder).sort(), ['out.log', 'out.log.1', 'state']);
			const lines = checkNumberedLines([`${log}.1`, log]);
			return t.is(typeof lines, 'number', String(lines));
		},
	);
}
