import type {Message} from '../../src/mail/message.js';
import {thisMorning} from './histories.js';

/** A message that says nothing in particular. */
export const messageOf = (id: string, more: Partial<Message> = {}): Message => ({
	id: `${id}@db1.example.org`,
	at: thisMorning,
	subject: `subject of ${id}`,
	isBad: false,
	text: `text of ${id}\n`,
	html: `<p>page of ${id}</p>`,
	...more,
});
