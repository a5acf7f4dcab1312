import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readPassword} from '../../src/mail/password.js';
import {DeliveryError} from '../../src/mail/transport.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a password is the first line of its file', t => {
	const passwordFile = path.join(temporaryFolder(t), 'password');
	writeFileSync(passwordFile, 'p 4ss\nnot this\n', {mode: 0o600});
	t.is(readPassword({passwordFile, credentialsDirectory: undefined}), 'p 4ss');
	chmodSync(passwordFile, 0o640);
	t.is(readPassword({passwordFile, credentialsDirectory: '/nowhere'}), 'p 4ss');
});

test('without a file it is the credential of systemd, or there is none', t => {
	const credentialsDirectory = temporaryFolder(t);
	t.is(readPassword({passwordFile: undefined, credentialsDirectory}), undefined);
	writeFileSync(path.join(credentialsDirectory, 'mail-password'), 'secret');
	t.is(readPassword({passwordFile: undefined, credentialsDirectory}), 'secret');
	t.is(readPassword({passwordFile: undefined, credentialsDirectory: undefined}), undefined);
});

for (const [what, mode, content, reason] of [
	['that everybody can read', 0o604, 'x', /everybody may use the file/],
	['that is empty', 0o600, '\n', /the file is empty/],
] as const) {
	test(`a password file ${what} is refused`, t => {
		const passwordFile = path.join(temporaryFolder(t), 'password');
		writeFileSync(passwordFile, content);
		chmodSync(passwordFile, mode);
		t.throws(() => readPassword({passwordFile, credentialsDirectory: undefined}), {
			instanceOf: DeliveryError,
			message: reason,
		});
	});
}

test('a password file that is missing is named', t => {
	const passwordFile = path.join(temporaryFolder(t), 'password');
	t.throws(() => readPassword({passwordFile, credentialsDirectory: undefined}), {
		message: `cannot use the password in ${passwordFile}: there is no such file`,
	});
});
