import {parseArgs} from 'node:util';
import {errorMessage, ZeoctlError} from '../platform/errors.js';

/** What follows `passwd`, understood. */
export type PasswdOptions = {
	readonly deletes: boolean;
	/** Undefined: that of the conf. */
	readonly file: string | undefined;
	readonly realm: string | undefined;
	readonly user: string;
	readonly password: string | undefined;
	readonly passwordFile: string | undefined;
};

const text = {type: 'string'} as const;

const options = {
	delete: {type: 'boolean', short: 'd'},
	filename: {...text, short: 'f'},
	protocol: {...text, short: 'p'},
	realm: {...text, short: 'r'},
	'password-file': text,
} as const;

/** Understands the words after `passwd`, which are those of zeopasswd. Throws usage errors. */
export const parsePasswdOptions = (words: readonly string[]): PasswdOptions => {
	const {values, positionals} = split(words);
	const {
		delete: deletes = false,
		filename,
		protocol,
		realm,
		'password-file': passwordFile,
	} = values;
	const [user, password, ...more] = positionals;
	if (protocol !== undefined && protocol !== 'digest')
		throw misuse(`there is no protocol '${protocol}', only digest`);
	if (user === undefined) throw misuse('no user is named');
	if (more.length > 0) throw misuse('more than a user and a password are given');
	if (deletes && (password !== undefined || passwordFile !== undefined))
		throw misuse('no password is needed to delete a user');
	if (password !== undefined && passwordFile !== undefined)
		throw misuse('the password is given twice');
	return {deletes, file: filename, realm, user, password, passwordFile};
};

const split = (words: readonly string[]) => {
	try {
		return parseArgs({args: [...words], options, allowPositionals: true});
	} catch (error) {
		throw misuse(errorMessage(error).replace(/\. .*/s, ''));
	}
};

const misuse = (reason: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot change a password: ${reason}`);
