import {spawn} from 'node:child_process';
import type {Composed} from './compose.js';
import {DeliveryError, type MailTransport} from './transport.js';

const mostWords = 2000;
const patienceMs = 60_000;

/** Hands messages to a local program that understands the arguments of sendmail, without a shell. */
export const sendmailTransport = (
	program: string,
	environment: Readonly<Record<string, string | undefined>>,
	limitMs = patienceMs,
): MailTransport => ({
	name: program,
	deliver: async (message, signal) => {
		const {code, words} = await run(program, {message, environment, signal, limitMs});
		if (code === 0) return {response: words || 'taken over', refused: []};
		const said = words === '' ? '' : `: ${words}`;
		// EX_TEMPFAIL of sysexits.h, and everything that is no refusal of this message.
		const isPermanent = code !== null && [64, 65, 67, 68].includes(code);
		throw new DeliveryError(
			`cannot deliver through ${program}: it ${code === null ? 'was ended' : `exits with ${code}`}${said}`,
			{isPermanent},
		);
	},
});

const run = (
	program: string,
	{
		message: {from, to, raw},
		environment,
		signal,
		limitMs,
	}: {
		readonly message: Composed;
		readonly environment: Readonly<Record<string, string | undefined>>;
		readonly signal: AbortSignal;
		readonly limitMs: number;
	},
): Promise<{readonly code: number | null; readonly words: string}> =>
	new Promise((resolve, reject) => {
		const child = spawn(program, ['-i', '-f', from, '--', ...to], {
			env: environment,
			stdio: ['pipe', 'ignore', 'pipe'],
			signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
			killSignal: 'SIGKILL',
		});
		let words = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			words = `${words}${text}`.slice(0, mostWords);
		});
		child.once('error', error => {
			const reason = reasons[codeOf(error)] ?? error.message;
			const isPermanent = codeOf(error) in reasons && error.name !== 'AbortError';
			reject(
				new DeliveryError(`cannot deliver through ${program}: ${reason}`, {
					isPermanent,
					...(isPermanent && {hint: "check 'sendmail' of the <mail> section"}),
					cause: error,
				}),
			);
		});
		// A program that takes nothing: how it exits says more.
		child.stdin.on('error', () => undefined);
		child.once('close', code => resolve({code, words: words.trim()}));
		child.stdin.end(toLocal(raw));
	});

const reasons: Readonly<Record<string, string>> = {
	ABORT_ERR: 'it took too long',
	ENOENT: 'there is no such program',
	EACCES: 'it may not be run',
};

const codeOf = (error: Error): string =>
	'code' in error && typeof error.code === 'string' ? error.code : '';

/** Local programs want lines that end as in files. */
const toLocal = (raw: Buffer): Buffer =>
	Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
