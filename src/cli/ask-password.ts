import {readFileSync} from 'node:fs';
import {ZeoctlError} from '../platform/errors.js';
import {isTerminal} from '../platform/terminal.js';

/** Asks for a password on the terminal, twice and without echo; else takes the first line of standard input. */
export const askPassword = async (user: string): Promise<string> => {
	if (!isTerminal(0)) return firstLine(readFileSync(0, 'utf8'));
	const {isCancel, password: ask} = await import('@clack/prompts');
	const question = async (message: string): Promise<string> => {
		const answer = await ask({message, mask: ''});
		if (isCancel(answer)) throw refusal('it was not given');
		return answer;
	};
	const password = await question(`password of ${user}`);
	if ((await question('the same again')) !== password) throw refusal('the two are not the same');
	return password;
};

/** A password as a file holds it: up to the end of the first line. */
export const firstLine = (text: string): string => /^[^\r\n]*/.exec(text)?.[0] ?? '';

const refusal = (reason: string): ZeoctlError =>
	new ZeoctlError('AUTHENTICATION', `cannot take a password: ${reason}`);
