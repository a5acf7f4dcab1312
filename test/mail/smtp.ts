import {readFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {composeMessage} from '../../src/mail/compose.js';
import {type SmtpOptions, smtpTransport} from '../../src/mail/smtp.js';
import {DeliveryError} from '../../src/mail/transport.js';
import {renderHtml} from '../../src/report/html.js';
import {renderText} from '../../src/report/text.js';
import {makeServerCertificate} from '../helpers/certificates.js';
import {hostileTexts} from '../helpers/hostile-text.js';
import {sampleLetter} from '../helpers/letters.js';
import {messageOf} from '../helpers/messages.js';
import {type Behaviour, obliging, startMailServer, startSink} from '../helpers/smtp-sink.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const correspondents = {
	from: 'zeoctl <zeo@example.org>',
	to: ['The Admins <admin@example.org>', 'root@example.org'],
	instance: 'main',
	host: 'db1.example.org',
};
const user = {user: 'user', password: 'secret'};

const transportTo = (port: number, more: Partial<SmtpOptions> = {}) =>
	smtpTransport({
		server: 'localhost',
		port,
		security: 'none',
		login: () => undefined,
		trusted: () => undefined,
		host: 'db1.example.org',
		...more,
	});

const send = async (
	transport: ReturnType<typeof smtpTransport>,
	message = messageOf('m1'),
	signal = AbortSignal.timeout(30_000),
) => transport.deliver(await composeMessage(message, correspondents), signal);

const failureOf = async (
	t: ExecutionContext<unknown>,
	attempt: Promise<unknown>,
): Promise<DeliveryError> => {
	const error = await t.throwsAsync(attempt, {instanceOf: DeliveryError});
	return error instanceof DeliveryError ? error : new DeliveryError('', {isPermanent: false});
};

for (const [security, secure] of [
	['starttls', false],
	['tls', true],
] as const) {
	test(`with ${security} a mail arrives encrypted, logged in, and as it was meant`, async t => {
		const server = await startMailServer(t, {secure});
		const transport = transportTo(server.port, {
			security,
			login: () => user,
			trusted: () => [readFileSync(server.authority, 'utf8')],
		});
		const letter = sampleLetter();
		const [text, html] = [renderText(letter), renderHtml(letter)];
		const {response, refused} = await send(
			transport,
			messageOf('pack-r12.main', {subject: letter.subject, text, html}),
		);
		t.regex(response, /^250 /);
		t.deepEqual(refused, []);
		const [mail] = server.received;
		t.like(mail, {
			isSecure: true,
			user: 'user',
			sender: 'zeo@example.org',
			recipients: ['admin@example.org', 'root@example.org'],
			subject: letter.subject,
			messageId: '<pack-r12.main@db1.example.org>',
			html,
		});
		t.is(mail?.text?.trimEnd(), text.trimEnd());
		t.is(mail?.date?.toISOString(), '2026-11-23T02:00:00.000Z');
		t.is(mail?.from?.text, '"zeoctl" <zeo@example.org>');
		t.is(mail?.headers.get('auto-submitted'), 'auto-generated');
		t.regex(mail?.raw ?? '', /^List-I[dD]: <main\.zeoctl\.db1\.example\.org>\r$/m);
		t.regex(mail?.raw ?? '', /^MIME-Version: 1\.0\r$/m);
		t.regex(mail?.raw ?? '', /^Content-Type: multipart\/alternative;/m);
	});
}

test('no foreign text leaves the header that it is in', async t => {
	const server = await startMailServer(t, {login: false});
	const transport = transportTo(server.port);
	const texts = hostileTexts(60).map(text => `subject ${text}`);
	for (const [index, subject] of texts.entries()) {
		await send(transport, messageOf(`m${index}`, {subject, text: `${subject}\n.\n..\nQUIT\n`}));
	}
	t.is(server.received.length, texts.length);
	for (const mail of server.received) {
		const names = [...mail.headers.keys()].toSorted();
		t.deepEqual(names, [
			...['auto-submitted', 'content-type', 'date', 'from', 'list', 'message-id'],
			...['mime-version', 'subject', 'to'],
		]);
		t.deepEqual(mail.recipients, ['admin@example.org', 'root@example.org']);
		t.true(mail.text?.includes('\n.\n..\nQUIT'));
	}
});

test('a certificate that nobody trusts ends a delivery before the password is sent', async t => {
	const server = await startMailServer(t);
	const failure = await failureOf(
		t,
		send(transportTo(server.port, {security: 'starttls', login: () => user})),
	);
	t.regex(failure.message, /^cannot deliver to localhost:\d+.*self-signed/);
	t.regex(failure.hint ?? '', /certificates of the system/);
	t.is(server.received.length, 0);
});

test('a certificate for another name is refused', async t => {
	const server = await startMailServer(t);
	const {certificate} = makeServerCertificate(temporaryFolder(t), 'other.example');
	const failure = await failureOf(
		t,
		send(
			transportTo(server.port, {
				security: 'starttls',
				trusted: () => [readFileSync(certificate, 'utf8')],
			}),
		),
	);
	t.false(failure.isPermanent);
});

test('a server without STARTTLS gets nothing, if the conf asks for it', async t => {
	const sink = await startSink(t, line => (/^STARTTLS/.test(line) ? '502 no' : obliging(line)));
	const failure = await failureOf(t, send(transportTo(sink.port, {security: 'starttls'})));
	t.regex(failure.message, /STARTTLS/i);
	t.is(sink.messages.length, 0);
});

test('a TLS handshake that is broken off is a failure', async t => {
	const sink = await startSink(t, (line, socket) => {
		if (/^EHLO/.test(line)) return '250-sink\r\n250 STARTTLS';
		if (/^STARTTLS/.test(line)) setImmediate(() => socket.end('this is no TLS\r\n'));
		return '220 go ahead';
	});
	const failure = await failureOf(t, send(transportTo(sink.port, {security: 'starttls'})));
	t.false(failure.isPermanent);
});

test('a wrong password is refused for good, and never told', async t => {
	const server = await startMailServer(t);
	const failure = await failureOf(
		t,
		send(
			transportTo(server.port, {
				security: 'starttls',
				login: () => ({user: 'user', password: 'hunter2'}),
				trusted: () => [readFileSync(server.authority, 'utf8')],
			}),
		),
	);
	t.true(failure.isPermanent);
	t.regex(failure.hint ?? '', /password/);
	t.false(
		JSON.stringify([failure.message, failure.hint, String(failure.cause)]).includes('hunter2'),
	);
});

const short = {lookup: 2000, connect: 2000, greeting: 500, silence: 500};

const table: readonly (readonly [string, Behaviour, RegExp, boolean])[] = [
	['refuses the sender', line => (/^MAIL/.test(line) ? '550 no' : obliging(line)), /550/, true],
	['refuses all recipients', line => (/^RCPT/.test(line) ? '550 no' : obliging(line)), /550/, true],
	['greylists', line => (/^RCPT/.test(line) ? '451 later' : obliging(line)), /451/, false],
	['refuses the message', line => (line === 'DOT' ? '550 no' : obliging(line)), /550/, true],
	['is full', line => (line === 'DOT' ? '452 later' : obliging(line)), /452/, false],
	[
		'stalls in DATA',
		line => (line === 'DATA' ? undefined : obliging(line)),
		/no answer in time/,
		false,
	],
	[
		'stalls after the final dot',
		line => (line === 'DOT' ? undefined : obliging(line)),
		/no answer in time/,
		false,
	],
	['says nothing after its greeting', () => undefined, /no answer in time/, false],
	[
		'hangs up after the final dot',
		(line, socket) => {
			if (line !== 'DOT') return obliging(line);
			socket.destroy();
			return undefined;
		},
		/closed/i,
		false,
	],
	[
		'hangs up at once',
		(_line, socket) => {
			socket.destroy();
			return undefined;
		},
		/closed/i,
		false,
	],
];

for (const [what, behave, message, isPermanent] of table) {
	test(`a server that ${what} is a ${isPermanent ? 'refusal' : 'failure'} that says so`, async t => {
		const sink = await startSink(t, behave);
		const failure = await failureOf(t, send(transportTo(sink.port, {limits: short})));
		t.regex(failure.message, message);
		t.regex(failure.message, /^cannot deliver to localhost:\d+/);
		t.is(failure.isPermanent, isPermanent);
	});
}

test('a server that does not greet is given up in time', async t => {
	const sink = await startSink(t, obliging, '');
	const failure = await failureOf(t, send(transportTo(sink.port, {limits: short})));
	t.regex(failure.message, /no answer in time, while connecting/);
});

test('nobody there is a failure', async t => {
	const failure = await failureOf(t, send(transportTo(1)));
	t.regex(failure.message, /ECONNREFUSED/);
	t.false(failure.isPermanent);
});

test('a server that drips words without end is given up in time', async t => {
	const sink = await startSink(t, (line, socket) => {
		const drip = setInterval(() => socket.write('250-wait\r\n'), 50);
		socket.once('close', () => clearInterval(drip));
		return /^EHLO/.test(line) ? undefined : obliging(line);
	});
	const attempt = send(transportTo(sink.port), messageOf('m'), AbortSignal.timeout(700));
	t.regex((await failureOf(t, attempt)).message, /took too long/);
});

test('one recipient that is refused does not keep the mail from the other', async t => {
	const sink = await startSink(t, line =>
		/^RCPT TO:<root/.test(line) ? '550 no such user' : obliging(line),
	);
	const {refused} = await send(transportTo(sink.port));
	t.deepEqual(refused, ['root@example.org']);
	t.is(sink.messages.length, 1);
});
