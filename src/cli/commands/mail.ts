import {randomBytes} from 'node:crypto';
import type {Entry} from '../../mail/spool.js';
import {errorMessage, isZeoctlError, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {renderPythonString as quote} from '../../platform/python-repr.js';
import {renderTime} from '../../platform/quantities.js';
import {renderForTerminal} from '../../platform/terminal-text.js';
import {testLetter} from '../../report/trouble-letter.js';
import type {InstanceCommand, InstanceContext} from '../command.js';
import {deliverMail, openExit, sendUnkept} from '../deliver-mail.js';
import {exitCode} from '../exit-codes.js';
import {type Office, openOffice} from '../office.js';
import {answer, say} from '../output.js';
import {toMessage, writeReports} from '../write-reports.js';

export const mail: InstanceCommand = {
	name: 'mail',
	summary: 'send a test mail, list or deliver the mails that wait',
	usage: 'test | queue | flush [--due] [--json]',
	options: [
		['test', 'send a mail now, and say what the other side said'],
		['queue', 'list what waits in the outbox, and why'],
		['flush', 'write the reports that are due, then try everything that waits'],
		['--due', 'try only what it is time for; this is what the supervisor calls'],
	],
	exitCodes: ['ok', 'failed', 'usage', 'unknown'],
	notes: [
		'A mail is tried again after 5 minutes, 30 minutes, 4 hours, then daily for a week, always under the same Message-ID.',
		'What was given up stays in the outbox until it is flushed, or there is no room for it.',
	],
	scope: 'instance',
	async run(context) {
		try {
			return await perform(context);
		} catch (cause) {
			const code = systemErrorCode(cause);
			if (code === undefined || isZeoctlError(cause)) throw cause;
			const isDenied = code === 'EACCES' || code === 'EPERM';
			throw new ZeoctlError(
				isDenied ? 'PERMISSION' : 'MAIL',
				`cannot use the outbox: ${errorMessage(cause)}`,
				{cause, ...(isDenied && {asUser: 'root'})},
			);
		}
	},
};

const perform = async (context: InstanceContext): Promise<number> => {
	const [what = '', ...more] = context.action.argumentWords;
	const isDue = what === 'flush' && more.length === 1 && more[0] === '--due';
	if (more.length > 0 && !isDue) throw misuse(more.join(' '));
	switch (what) {
		case 'test':
			return test(context);
		case 'queue':
			return queue(context);
		case 'flush':
			return flush(context, isDue ? 'due' : 'all');
		default:
			throw misuse(what);
	}
};

const misuse = (word: string): ZeoctlError =>
	new ZeoctlError('USAGE', `cannot understand mail ${quote(word)}: only test, queue and flush`);

const configured = ({settings}: InstanceContext) => {
	const {mail: section} = settings;
	if (section === undefined)
		throw new ZeoctlError('USAGE', 'cannot send mail: the conf has no <mail> section');
	return section;
};

const test = async (context: InstanceContext): Promise<number> => {
	const office = openOffice(context);
	const exit = openExit(office, configured(context));
	const {instance, host, now} = office;
	const key = `test-${randomBytes(8).toString('hex')}`;
	const message = toMessage(office, testLetter({instance, host, now: now()}), key);
	try {
		const {response, refused} = await exit.send(message);
		const took = exit.to.filter(address => !refused.includes(address));
		say(
			context,
			`${exit.transport.name} took the mail for ${renderForTerminal(took.join(', '))}: ${renderForTerminal(response)}\n`,
		);
		for (const address of refused) office.warn(`it refused ${address}`);
		answer(context, {
			via: exit.transport.name,
			to: exit.to,
			refused,
			response,
			message: message.id,
		});
		return exitCode(refused.length === 0 ? 'ok' : 'failed');
	} catch (cause) {
		throw new ZeoctlError('MAIL', renderForTerminal(errorMessage(cause)), {
			cause,
			...hintOf(cause),
		});
	}
};

const hintOf = (error: unknown): {readonly hint?: string} =>
	error instanceof Error && 'hint' in error && typeof error.hint === 'string'
		? {hint: error.hint}
		: {};

const queue = (context: InstanceContext): number => {
	const office = openOffice(context);
	const waiting = office.spool.list().map(entry => describe(office, entry));
	say(context, waiting.map(renderLine).join('') || 'nothing waits\n');
	answer(context, {messages: waiting});
	return exitCode('ok');
};

type Waiting = {
	readonly state: Entry['place'];
	readonly written: number;
	readonly subject: string | null;
	readonly message: string | null;
	readonly attempts: number;
	/** Unix seconds; null for what is not tried unasked. */
	readonly next: number | null;
	readonly reason: string | null;
	readonly file: string;
};

const describe = ({spool}: Office, entry: Entry): Waiting => {
	const message = spool.read(entry);
	return {
		state: entry.place,
		written: entry.at,
		subject: message?.subject ?? null,
		message: message?.id ?? null,
		attempts: entry.attempts,
		next: entry.place === 'waiting' ? entry.due : null,
		reason: spool.reasonOf(entry) ?? null,
		file: entry.file,
	};
};

const renderLine = ({state, written, subject, attempts, next, reason}: Waiting): string =>
	[
		`${renderTime(written)}  ${subject ?? 'not a message'}`,
		`  ${attempts} attempts, ${next === null ? state : `next ${renderTime(next)}`}`,
		...(reason === null ? [] : [`  ${reason}`]),
	]
		.map(line => `${renderForTerminal(line)}\n`)
		.join('');

/** For what has just been written, since whoever called may not call again: a supervisor that gave up. */
const patienceSeconds = 120;

const flush = async (context: InstanceContext, which: 'due' | 'all'): Promise<number> => {
	configured(context);
	const office = openOffice(context);
	const {hashes, unkept} = writeReports(office);
	if (hashes.size > 0) await deliverMail(office, {hashes, seconds: patienceSeconds});
	await deliverMail(office, which);
	// The supervisor calls again soon: what cannot be kept would be sent again and again.
	if (which === 'all') await sendUnkept(office, unkept);
	else for (const {reason} of unkept) office.warn(`cannot put a mail into the outbox: ${reason}`);
	const left = office.spool.list().length;
	say(
		context,
		left === 0 ? 'nothing waits\n' : `${left} still wait; zeoctl mail queue tells why\n`,
	);
	answer(context, {waiting: left});
	return exitCode(left === 0 && unkept.length === 0 ? 'ok' : 'failed');
};
