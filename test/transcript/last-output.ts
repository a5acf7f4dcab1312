import {spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openTranscript} from '../../src/transcript/direct.js';
import {lastOutputOf, openLastOutput} from '../../src/transcript/last-output.js';
import {openFolder, startWriter, waitFor} from '../helpers/transcript.js';

test('the output file is private', t => {
	const {runDirectory} = openFolder(t);
	fs.writeFileSync(path.join(runDirectory, 'output'), '', {mode: 0o644});
	const output = openLastOutput(runDirectory);
	t.teardown(() => output.close());
	t.is(fs.statSync(output.path).mode & 0o777, 0o600);
});

test('what was printed in this life is known, earlier output is not', async t => {
	const {runDirectory} = openFolder(t);
	const output = openLastOutput(runDirectory);
	t.teardown(() => output.close());
	fs.writeSync(output.descriptor, 'earlier\n');
	const position = output.position();
	t.deepEqual(output.linesSince(position), []);
	const stdio = ['ignore', output.descriptor, output.descriptor] as const;
	const child = spawn('sh', ['-c', 'echo hello; echo oops >&2; printf "no end"'], {
		stdio: [...stdio],
	});
	await once(child, 'exit');
	t.deepEqual(output.linesSince(position), ['hello', 'oops', 'no end']);
});

test('the last ten lines are told, without empty ones at the end', t => {
	const {log} = openFolder(t);
	const numbers = Array.from({length: 30}, (_, index) => `line ${index}`);
	fs.writeFileSync(log, `${numbers.join('\n')}\n\n\n`);
	t.deepEqual(lastOutputOf(log, 0), numbers.slice(-10));
});

test('a transcript that is open for writing only can be read', t => {
	const {log} = openFolder(t);
	const descriptor = openTranscript({path: log, umask: 0});
	t.teardown(() => fs.closeSync(descriptor));
	fs.writeSync(descriptor, 'one\ntwo\n');
	t.deepEqual(lastOutputOf(descriptor, 4), ['two']);
});

test('an offset from before a cut does not hide what came after it', t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, '  --- continues out.log.1, 2026-11-23T01:02:03 ---\nnew\n');
	t.deepEqual(lastOutputOf(log, 5_000_000), ['new']);
});

test('a very long line is shortened, bytes that are no text do no harm', t => {
	const {log} = openFolder(t);
	fs.writeFileSync(log, Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.alloc(5000, 'x')]));
	const [junk, long] = lastOutputOf(log, 0);
	t.is(junk, '\ufffd\ufffd');
	t.is(long, `${'x'.repeat(1000)}…`);
});

test('a file that cannot be read, and a device, have no lines', t => {
	t.deepEqual(lastOutputOf('/nonexistent/file', 0), []);
	t.deepEqual(lastOutputOf('/dev/null', 0), []);
});

for (const parent of [undefined, '/dev/shm']) {
	test(`a flood is trimmed while it lasts and after it, in ${parent ?? 'the temporary folder'}`, async t => {
		const {runDirectory} = openFolder(t, parent);
		const output = openLastOutput(runDirectory);
		t.teardown(() => output.close());
		const writer = startWriter(t, {descriptor: output.descriptor, args: ['5000', '1']});
		const sizeNow = () => fs.statSync(output.path).size;
		await waitFor(
			'a flood that is trimmed',
			() => output.position() > 3_000_000 && sizeNow() < 1_000_000,
		);
		await writer.stop();
		await waitFor('the trim after it', () => sizeNow() < 262_144);
		const position = output.position();
		t.true(position > 3_000_000, 'positions go on');
		t.deepEqual(output.linesSince(position), []);
		fs.writeSync(output.descriptor, '\nlast words\n');
		t.deepEqual(output.linesSince(position).slice(-1), ['last words']);
		t.regex(output.linesSince(0).join('\n'), /\d{10} x*\n+last words$/);
	});
}

test('a link in place of the output file is not followed, and the command that mends it is named', t => {
	const {runDirectory} = openFolder(t);
	const file = path.join(runDirectory, 'output');
	fs.symlinkSync('/dev/null', file);
	const error = t.throws(() => openLastOutput(runDirectory), {
		message: `cannot keep the output of the program in '${file}': it is a symbolic link`,
	});
	t.like(error, {code: 'TRANSCRIPT', hint: `rm ${file}`});
});
