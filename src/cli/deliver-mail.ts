import {existsSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {rootCertificates} from 'node:tls';
import {composeMessage} from '../mail/compose.js';
import {type Attempt, type Deliverer, deliverFor, deliverOnce} from '../mail/deliver.js';
import type {Message} from '../mail/message.js';
import {readPassword} from '../mail/password.js';
import {sendmailTransport} from '../mail/sendmail.js';
import {type Login, smtpTransport} from '../mail/smtp.js';
import type {Delivered, MailTransport} from '../mail/transport.js';
import {errorMessage} from '../platform/errors.js';
import type {MailSettings} from '../settings/settings.js';
import type {Office} from './office.js';
import {tellAlarm, type Unkept} from './write-reports.js';

/** Tries what is in the outbox: for some time what is named, once what is due, or once everything. */
export const deliverMail = async (
	office: Office,
	which: 'due' | 'all' | {readonly hashes: ReadonlySet<string>; readonly seconds: number},
): Promise<void> => {
	const deliverer = openDeliverer(office);
	if (deliverer === undefined) return;
	if (typeof which === 'string') return deliverOnce(deliverer, which);
	await deliverFor(deliverer, {...which, sleep: ms => sleep(ms)});
};

/** A way out, and what is said to whom. */
export type Exit = {
	readonly transport: MailTransport;
	readonly to: readonly string[];
	send(message: Message): Promise<Delivered>;
};

const limitMs = 90_000;

/** The way that mail takes by the conf. */
export const openExit = (office: Office, mail: MailSettings): Exit => {
	const transport = openTransport(office, mail);
	return {
		transport,
		to: mail.to,
		send: async message =>
			transport.deliver(
				await composeMessage(message, correspondents(office, mail)),
				AbortSignal.timeout(limitMs),
			),
	};
};

const openDeliverer = (office: Office): Deliverer | undefined => {
	const {mail, spool, now} = office;
	if (mail === undefined) return undefined;
	return {
		spool,
		now,
		transport: openTransport(office, mail),
		compose: message => composeMessage(message, correspondents(office, mail)),
		onAttempt: attempt => noteAttempt(office, attempt),
		limitMs,
	};
};

const openTransport = ({host, environment}: Office, mail: MailSettings): MailTransport => {
	const {server, sendmail, port, security, user, passwordFile} = mail;
	if (sendmail !== undefined) return sendmailTransport(sendmail, environment);
	const credentialsDirectory = environment['CREDENTIALS_DIRECTORY'];
	const login = (): Login | undefined => {
		const password = user && readPassword({passwordFile, credentialsDirectory});
		return user === undefined || password === undefined ? undefined : {user, password};
	};
	return smtpTransport({
		server: server ?? 'localhost',
		port,
		security,
		login,
		trusted: () => trustedCertificates(environment['SSL_CERT_FILE']),
		host,
	});
};

/** What this machine trusts, beside what Node does; OpenSSL's own variable names another file. */
export const trustedCertificates = (
	file = '/etc/ssl/certs/ca-certificates.crt',
): readonly string[] | undefined =>
	existsSync(file) ? [...rootCertificates, readFileSync(file, 'latin1')] : undefined;

const correspondents = ({instance, host}: Office, {from, to, user}: MailSettings) => ({
	from: from ?? (user?.includes('@') ? user : `zeoctl@${host}`),
	to,
	instance,
	host,
});

const noteAttempt = (office: Office, attempt: Attempt): void => {
	const {message, attempts, result} = attempt;
	const {id, subject} = message;
	const record = {at: office.now(), event: 'mail', message: id, subject, attempts} as const;
	if (result === 'sent') {
		office.append({...record, result, reason: attempt.response});
		tellRefused(office, attempt.refused, subject);
		return;
	}
	const hint = attempt.hint === undefined ? '' : ` (${attempt.hint})`;
	if (result === 'postponed') {
		office.warn(`${attempt.reason}${hint}; it stays in the outbox and will be tried again`);
		return;
	}
	office.append({...record, result, reason: attempt.reason});
	tellAlarm(
		office,
		`a mail was given up after ${attempts} attempts: ${subject}: ${attempt.reason}`,
	);
};

const tellRefused = (office: Office, refused: readonly string[], subject: string): void => {
	if (refused.length === 0) return;
	tellAlarm(office, `the mail server refused ${refused.join(', ')} as recipient of: ${subject}`);
};

/** Sends what the outbox could not keep, at once: there is no second chance, and that is said. */
export const sendUnkept = async (office: Office, unkept: readonly Unkept[]): Promise<void> => {
	const {mail} = office;
	if (mail === undefined) return;
	const exit = openExit(office, mail);
	for (const {message, reason, recordAsReported} of unkept) {
		office.warn(`cannot put a mail into the outbox: ${reason}; it is sent at once`);
		try {
			const {response, refused} = await exit.send(message);
			recordAsReported();
			noteAttempt(office, {message, attempts: 1, result: 'sent', response, refused});
		} catch (error) {
			office.warn(`${errorMessage(error)}: ${message.subject}`);
			office.warn('the report is not lost: the next run, or zeoctl mail flush, makes it again');
		}
	}
};
