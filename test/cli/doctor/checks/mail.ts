import {chmodSync, mkdirSync} from 'node:fs';
import test from 'ava';
import {judgeOutbox} from '../../../../src/cli/doctor/checks/mail.js';
import {examination, repairs} from '../../../helpers/examined.js';
import {findFreePort} from '../../../helpers/fake-zeo.js';
import {startMailServer} from '../../../helpers/smtp-sink.js';

const conf = (mail: string): string =>
	`<runner>\n  program {folder}/runzeo\n  socket-name sock\n</runner>\n<mail>\n  to a@example.org\n${mail}</mail>\n`;

test('without a <mail> section nobody hears anything', async t => {
	const {levels} = examination(t);
	t.regex((await levels('recipients')).join(), /^warning: nobody hears/);
	for (const name of ['exit', 'password', 'outbox'])
		t.deepEqual(await levels(name), ['idle: the conf has no <mail> section']);
});

test('a mail server that greets back gets no mail', async t => {
	const server = await startMailServer(t);
	const mail = conf(`  server localhost\n  port ${server.port}\n  security none\n`);
	const {levels} = examination(t, {conf: mail});
	t.deepEqual(await levels('exit'), [`ok: localhost:${server.port} greets back`]);
	t.deepEqual(await levels('recipients'), ['ok: a@example.org']);
	t.is(server.received.length, 0);
});

test('a mail server with a certificate that nobody trusts', async t => {
	const server = await startMailServer(t);
	const mail = conf(`  server localhost\n  port ${server.port}\n`);
	const [finding] = await examination(t, {conf: mail}).findings('exit');
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /self-signed/);
	t.regex(finding?.advice ?? '', /certificates of the system/);
});

test('a mail server that is not there', async t => {
	const port = await findFreePort();
	const mail = conf(`  server 127.0.0.1\n  port ${port}\n  security none\n`);
	const [finding] = await examination(t, {conf: mail}).findings('exit');
	t.is(finding?.level, 'error');
	t.is(finding?.command, 'zeoctl -C z.conf mail test');
});

test('a sendmail that is there, and one that is not', async t => {
	const {levels, write, at} = examination(t, {conf: conf('  sendmail {folder}/sendmail\n')});
	t.regex((await levels('exit')).join(), /^error: '\.\/sendmail' is no program/);
	write('sendmail', '#!/bin/sh\n', 0o755);
	t.deepEqual(await levels('exit'), ['ok: ./sendmail']);
	t.truthy(at('sendmail'));
});

test('a password that everybody can read', async t => {
	const login = '  server localhost\n  user me\n  password-file {folder}/password\n';
	const found = examination(t, {conf: conf(login)});
	found.write('password', 'secret\n');
	t.deepEqual(await found.levels('password'), ['ok: ./password']);
	chmodSync(found.at('password'), 0o644);
	await repairs(t, found, 'password', /^error: .*everybody may use the file/);
});

const zeoctl = (...words: readonly string[]): string => words.join(' ');

test('mails that wait for long, and mails that were given up', t => {
	const levels = (waiting: number, givenUp: number, oldest?: number) =>
		judgeOutbox({waiting, givenUp, oldest}, 100_000, zeoctl).map(({level}) => level);
	t.deepEqual(levels(0, 0), ['ok']);
	t.deepEqual(levels(1, 0, 99_000), ['ok']);
	t.deepEqual(levels(1, 0, 90_000), ['warning']);
	t.deepEqual(levels(2, 1, 90_000), ['error', 'warning']);
});

test('an outbox is looked at without being touched', async t => {
	const found = examination(t, {conf: conf('  server localhost\n')});
	const name = '1700000000-bad-3-1700000100-0123456789abcdef.json';
	mkdirSync(found.at('.sock.d'), {mode: 0o700});
	found.write(`.sock.d/outbox/${name}`, '{}');
	found.write(`.sock.d/outbox/given-up/${name}`, '{}');
	t.deepEqual(
		(await found.levels('outbox')).map(each => each.replace(/ for .*/, '')),
		['error: 1 mail was given up', 'warning: 1 mail waits, the oldest'],
	);
});
