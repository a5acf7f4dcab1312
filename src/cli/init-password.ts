import {ZeoctlError} from '../platform/errors.js';
import type {Answers} from '../scaffold/answers.js';
import {askPassword} from './ask-password.js';
import {needsPassword} from './authenticate-instance.js';
import type {InitOptions} from './init-options.js';

/** The password of the client, where one is needed: as given, or as a person types it. */
export const findPassword = async (
	folder: string,
	answers: Answers,
	{password, isAsking}: Pick<InitOptions, 'password'> & {readonly isAsking: boolean},
): Promise<string | undefined> => {
	if (!needsPassword(folder, answers)) return undefined;
	const found = password ?? (isAsking ? await askPassword(answers.zeo_auth_user) : '');
	if (found !== '') return found;
	throw new ZeoctlError(
		'AUTHENTICATION',
		`cannot make an instance: ${answers.zeo_auth_user} has no password, and would let everybody in`,
		{
			hint: 'zeoctl init --zeo-auth-password-file FILE, or zeo_auth_password in the file of answers',
		},
	);
};
