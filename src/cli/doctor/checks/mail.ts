import {hostname} from 'node:os';
import {type OutboxState, readOutboxState} from '../../../mail/outbox-state.js';
import {readPassword} from '../../../mail/password.js';
import {greetServer} from '../../../mail/smtp.js';
import {DeliveryError} from '../../../mail/transport.js';
import {errorMessage} from '../../../platform/errors.js';
import {renderDuration} from '../../../platform/quantities.js';
import {renderShellCommand} from '../../../platform/shell-word.js';
import type {MailSettings} from '../../../settings/settings.js';
import {trustedCertificates} from '../../deliver-mail.js';
import {isCommand} from '../../is-command.js';
import {unseen} from '../access.js';
import {type Check, ofConf} from '../check.js';
import {error, type Finding, fine, idle, orFine, unknown, warning} from '../finding.js';
import type {ConfiguredSubject, Subject} from '../subject.js';

const noMail = [idle('the conf has no <mail> section')];

const recipients = ofConf({
	group: 'mail',
	name: 'recipients',
	about: 'somebody hears of packs that fail and of crashes',
	run: ({settings}) =>
		settings.mail === undefined
			? [
					warning(
						'nobody hears of packs that fail and of crashes: the conf has no <mail> section',
						{
							advice:
								'add <mail> with "to" and "server", or with "sendmail", to the conf of zeoctl',
						},
					),
				]
			: [fine(settings.mail.to.join(', '))],
});

/** Milliseconds for a greeting: who takes longer takes minutes for a mail. */
const greetingMs = 5000;

const exit = ofConf({
	group: 'mail',
	name: 'exit',
	about: 'the mail server greets back, with a certificate that is trusted, or sendmail is there',
	run(subject) {
		const {mail} = subject.settings;
		if (mail === undefined) return noMail;
		return mail.sendmail === undefined
			? greet(mail, subject)
			: [judgeSendmail(mail.sendmail, isCommand(mail.sendmail))];
	},
});

const greet = async (
	{server = 'localhost', port, security}: MailSettings,
	{environment, zeoctl}: ConfiguredSubject,
): Promise<readonly Finding[]> => {
	try {
		const trusted = () => trustedCertificates(environment['SSL_CERT_FILE']);
		const options = {server, port, security, trusted, host: hostname()};
		return [fine(`${await greetServer(options, AbortSignal.timeout(greetingMs))} greets back`)];
	} catch (cause) {
		const hint = cause instanceof DeliveryError ? cause.hint : undefined;
		return [
			error(errorMessage(cause), {
				...(hint !== undefined && {advice: hint}),
				command: zeoctl('mail', 'test'),
			}),
		];
	}
};

const judgeSendmail = (file: string, isThere: boolean): Finding =>
	isThere
		? fine(file)
		: error(`'${file}' is no program that you may run`, {
				advice: "name another one as 'sendmail', or a mail server",
				command: renderShellCommand(['ls', '-l', file]),
			});

const password = ofConf({
	group: 'mail',
	name: 'password',
	about: 'the password of the mail server can be read, and not by everybody',
	run({settings, environment, user}) {
		const {mail} = settings;
		if (mail === undefined) return noMail;
		if (mail.user === undefined) return [idle('the mail server asks for none')];
		const credentialsDirectory = environment['CREDENTIALS_DIRECTORY'];
		if (mail.passwordFile !== undefined && !user.isSelf)
			return [unseen(`to read '${mail.passwordFile}'`, user)];
		try {
			const found = readPassword({passwordFile: mail.passwordFile, credentialsDirectory});
			return found === undefined
				? [unknown('no password-file: the unit of the mail has it from systemd, or there is none')]
				: [fine(mail.passwordFile ?? 'a credential of systemd')];
		} catch (cause) {
			const hint = cause instanceof DeliveryError ? cause.hint : undefined;
			return [error(errorMessage(cause), hint === undefined ? {} : {command: hint})];
		}
	},
});

const outbox = ofConf({
	group: 'mail',
	name: 'outbox',
	about: 'no mail waits for long, none was given up',
	run({settings, stateDirectory, now, zeoctl}) {
		const state = readOutboxState(stateDirectory);
		if (settings.mail === undefined && state.waiting + state.givenUp === 0) return noMail;
		return judgeOutbox(state, now, zeoctl);
	},
});

/** A mail that waits for longer has failed more than once. In seconds. */
const longestWait = 3600;

/** How the outbox stands. */
export const judgeOutbox = (
	{waiting, givenUp, oldest = Number.POSITIVE_INFINITY}: OutboxState,
	now: number,
	zeoctl: Subject['zeoctl'],
): readonly Finding[] =>
	orFine(
		[
			...(givenUp === 0
				? []
				: [
						error(`${givenUp} ${givenUp === 1 ? 'mail was' : 'mails were'} given up`, {
							command: zeoctl('mail', 'queue'),
						}),
					]),
			...(now - oldest > longestWait
				? [
						warning(
							`${waiting} ${waiting === 1 ? 'mail waits' : 'mails wait'}, the oldest for ${renderDuration(now - oldest)}`,
							{command: zeoctl('mail', 'queue')},
						),
					]
				: []),
		],
		waiting === 0 ? 'nothing waits' : `${waiting} on the way`,
	);

/** Whether bad news reach anybody. */
export const mailChecks: readonly Check[] = [recipients, exit, password, outbox];
