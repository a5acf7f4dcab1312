import {existsSync, readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import test from 'ava';
import {simpleParser} from 'mailparser';
import {runOf} from '../helpers/histories.js';
import {mailInstance} from '../helpers/mail-instance.js';
import {skip} from '../helpers/python.js';
import {waitFor} from '../helpers/wait-for.js';

const sendmail = '/usr/sbin/sendmail';
/** Who tests; for root a user that every system has and nobody writes to. */
const recipient = process.geteuid?.() === 0 ? 'games' : userInfo().username;
const mailbox = `/var/mail/${recipient}`;

/** Whether there is a local mail system that delivers into files, as Debian's do. */
const canDeliver = (): boolean => existsSync(sendmail) && existsSync('/var/mail');

/** The mails of a mailbox whose Message-ID holds a word. */
const mailsWith = async (word: string) => {
	if (!existsSync(mailbox)) return [];
	const texts = readFileSync(mailbox, 'utf8')
		.split(/^From .*\n/m)
		.slice(1);
	const mails = await Promise.all(texts.map(text => simpleParser(text)));
	return mails.filter(({messageId}) => messageId?.includes(word));
};

test('a report goes through the local mail system into the mailbox of a user', async t => {
	if (!canDeliver()) return skip(t, `no local mail system at ${sendmail}`);
	const run = `local${process.pid}`;
	const instance = mailInstance(t, [`sendmail ${sendmail}`], {to: recipient});
	instance.append(...runOf(run, {at: Date.now() / 1000 - 60}));
	const {exitCode, stderr} = await instance.mail('flush');
	t.is(exitCode, 0, stderr);
	const [mail] = await waitFor('the mail', async () => {
		const found = await mailsWith(run);
		return found.length > 0 ? found : undefined;
	});
	t.regex(mail?.subject ?? '', /: packed, 2\.0 GB freed$|: packed, 1\.2 GB freed$/);
	t.regex(mail?.text ?? '', /^Storage 1 at localhost:8100 +packed$/m);
	t.regex(String(mail?.html), /^<!doctype html>/);
	t.is(mail?.headers.get('auto-submitted'), 'auto-generated');
	await instance.mail('flush');
	t.is((await mailsWith(run)).length, 1);
});
