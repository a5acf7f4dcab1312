import {readFileSync} from 'node:fs';
import test from 'ava';
import {greetServer, type SmtpOptions} from '../../src/mail/smtp.js';
import {obliging, startMailServer, startSink} from '../helpers/smtp-sink.js';

const optionsFor = (port: number, more: Partial<SmtpOptions> = {}): SmtpOptions => ({
	...{server: 'localhost', port, security: 'none', host: 'db1.example.org'},
	login: () => undefined,
	trusted: () => undefined,
	...more,
});

test('a greeting is two commands, and no mail', async t => {
	const lines: string[] = [];
	const sink = await startSink(t, line => {
		lines.push(line.split(' ')[0] ?? '');
		return obliging(line);
	});
	const name = await greetServer(optionsFor(sink.port), AbortSignal.timeout(60_000));
	t.is(name, `localhost:${sink.port}`);
	t.is(lines[0], 'EHLO');
	t.deepEqual(
		lines.filter(line => !['EHLO', 'QUIT'].includes(line)),
		[],
	);
	t.is(sink.messages.length, 0);
});

test('a certificate that is trusted is taken, another one is not', async t => {
	const server = await startMailServer(t);
	const trusted = optionsFor(server.port, {
		security: 'starttls',
		trusted: () => [readFileSync(server.authority, 'utf8')],
	});
	t.is(await greetServer(trusted, AbortSignal.timeout(60_000)), `localhost:${server.port}`);
	await t.throwsAsync(
		greetServer({...trusted, trusted: () => undefined}, AbortSignal.timeout(60_000)),
		{message: /^cannot deliver to localhost:\d+.*self-signed/},
	);
	t.is(server.received.length, 0);
});

test('a server that does not greet is given up when it is said so', async t => {
	const sink = await startSink(t, obliging, '');
	await t.throwsAsync(greetServer(optionsFor(sink.port), AbortSignal.timeout(100)), {
		message: /took too long, while connecting/,
	});
});

test('nobody there is a failure', async t => {
	await t.throwsAsync(greetServer(optionsFor(1), AbortSignal.timeout(60_000)), {
		message: /ECONNREFUSED/,
	});
});
