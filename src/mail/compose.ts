import MailComposer from 'nodemailer/lib/mail-composer';
import {parseMailbox} from '../platform/mailbox.js';
import {renderForHeader, renderForIdentifier} from './header-text.js';
import type {Message} from './message.js';

/** Whom messages are from and for; each a mailbox that the conf has been checked for. */
export type Correspondents = {
	readonly from: string;
	readonly to: readonly string[];
	/** The name of the instance and of the machine, for the List-Id. */
	readonly instance: string;
	readonly host: string;
};

/** A message as it goes over the wire, with the envelope that it is put into. */
export type Composed = {
	readonly from: string;
	readonly to: readonly string[];
	readonly raw: Buffer;
};

/** Writes out a message: text and HTML as alternatives, and the headers that an automatic mail has (RFC 3834, RFC 2919). */
export const composeMessage = async (
	message: Message,
	{from, to, instance, host}: Correspondents,
): Promise<Composed> => {
	const sender = mailboxOf(from);
	const recipients = to.map(mailboxOf);
	const listId = `${renderForIdentifier(instance)}.zeoctl.${renderForIdentifier(host)}`;
	const raw = await new MailComposer({
		from: sender,
		to: recipients,
		subject: renderForHeader(message.subject),
		date: new Date(message.at * 1000),
		messageId: `<${message.id}>`,
		headers: {'Auto-Submitted': 'auto-generated', 'List-Id': `<${listId}>`},
		text: message.text,
		html: message.html,
		disableFileAccess: true,
		disableUrlAccess: true,
	})
		.compile()
		.build();
	return {from: sender.address, to: recipients.map(({address}) => address), raw};
};

const mailboxOf = (text: string) => {
	const mailbox = parseMailbox(text);
	if (mailbox === undefined) {
		throw new TypeError(`cannot write to ${JSON.stringify(text)}: it is no mail address`);
	}
	return mailbox;
};
