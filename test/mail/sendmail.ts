import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sendmailTransport} from '../../src/mail/sendmail.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const message = {
	from: 'zeo@example.org',
	to: ['admin@example.org', 'root'],
	raw: Buffer.from('Subject: x\r\n\r\ngröße\r\n.\r\n'),
};

const program = (t: ExecutionContext<unknown>, lines: string) => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'sendmail');
	writeFileSync(file, `#!/bin/sh\ncd ${folder}\n${lines}\n`, {mode: 0o755});
	return {file, read: (name: string) => readFileSync(path.join(folder, name), 'utf8')};
};

const deliver = (file: string, limitMs?: number) =>
	sendmailTransport(file, {PATH: '/usr/bin:/bin'}, limitMs).deliver(
		message,
		new AbortController().signal,
	);

test('a local program gets the message, the sender and the recipients as words', async t => {
	const {file, read} = program(t, 'printf "%s\\n" "$@" > words; cat > taken');
	t.deepEqual(await deliver(file), {response: 'taken over', refused: []});
	t.is(read('words'), '-i\n-f\nzeo@example.org\n--\nadmin@example.org\nroot\n');
	t.is(read('taken'), 'Subject: x\n\ngröße\n.\n');
});

for (const [status, isPermanent] of [
	[67, true],
	[75, false],
	[1, false],
] as const) {
	test(`exit status ${status} is a failure ${isPermanent ? 'for good' : 'for now'}`, async t => {
		const {file} = program(t, `cat > taken; echo 'so it is' >&2; exit ${status}`);
		const error = await t.throwsAsync(deliver(file), {
			message: `cannot deliver through ${file}: it exits with ${status}: so it is`,
		});
		t.like(error, {isPermanent});
	});
}

test('a program that takes nothing but succeeds is believed', async t => {
	const {file} = program(t, 'exec <&-; echo ok >&2');
	t.is((await deliver(file)).response, 'ok');
});

test('a program that does not end is ended', async t => {
	const {file} = program(t, 'exec sleep 600');
	await t.throwsAsync(deliver(file, 300), {
		message: `cannot deliver through ${file}: it took too long`,
	});
});

test('a program that is not there is named', async t => {
	const error = await t.throwsAsync(deliver('/nowhere/sendmail'));
	t.is(error?.message, 'cannot deliver through /nowhere/sendmail: there is no such program');
});
