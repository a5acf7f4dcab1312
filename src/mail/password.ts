import {closeSync, fstatSync, openSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {renderShellCommand} from '../platform/shell-word.js';
import {DeliveryError} from './transport.js';

/** The name that a systemd unit gives the password: `LoadCredential=mail-password:FILE`. */
const credentialName = 'mail-password';

/** Where a password may come from. */
export type PasswordSource = {
	readonly passwordFile: string | undefined;
	/** `$CREDENTIALS_DIRECTORY`. */
	readonly credentialsDirectory: string | undefined;
};

/**
 * The password of the mail server: the first line of the configured file, else of the credential that systemd hands
 * over. Undefined where there is neither. Throws a DeliveryError for a file that cannot be read, or that everybody can.
 */
export const readPassword = ({
	passwordFile,
	credentialsDirectory,
}: PasswordSource): string | undefined => {
	if (passwordFile !== undefined) return readSecret(passwordFile);
	if (credentialsDirectory === undefined) return undefined;
	try {
		return firstLine(readFileSync(path.join(credentialsDirectory, credentialName), 'utf8'));
	} catch {
		return undefined;
	}
};

const readSecret = (file: string): string => {
	const refuse = (reason: string, hint: string, cause?: unknown): DeliveryError =>
		new DeliveryError(`cannot use the password in ${file}: ${reason}`, {
			isPermanent: true,
			hint,
			cause,
		});
	let fd: number;
	try {
		fd = openSync(file, 'r');
	} catch (cause) {
		const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
		throw refuse(
			isMissing ? 'there is no such file' : 'it cannot be read',
			renderShellCommand(['ls', '-l', file]),
			cause,
		);
	}
	try {
		if ((fstatSync(fd).mode & 0o007) !== 0)
			throw refuse('everybody may use the file', renderShellCommand(['chmod', 'o=', file]));
		const password = firstLine(readFileSync(fd, 'utf8'));
		if (password === '') throw refuse('the file is empty', renderShellCommand(['ls', '-l', file]));
		return password;
	} finally {
		closeSync(fd);
	}
};

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? '';
