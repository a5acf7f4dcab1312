import {readFileSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {type ParsedMail, simpleParser} from 'mailparser';
import {SMTPServer} from 'smtp-server';
import {makeServerCertificate} from './certificates.js';
import {temporaryFolder} from './temporary-folder.js';

/** A mail that a server took. */
export type Received = ParsedMail & {
	readonly raw: string;
	readonly sender: string;
	readonly recipients: readonly string[];
	/** Whether it came encrypted. */
	readonly isSecure: boolean;
	readonly user: string | undefined;
};

export type MailServer = {
	readonly port: number;
	readonly received: readonly Received[];
	/** The certificate to trust. */
	readonly authority: string;
	/** What the server says from now on instead of taking messages, such as `451 later`; undefined: it takes them again. */
	refuse(answer: string | undefined): void;
	/** Messages that it refused so far. */
	readonly refused: () => number;
};

/** A real mail server on a free port, with a certificate for `localhost`, that wants `user` to log in with `secret`. */
export const startMailServer = async (
	t: ExecutionContext<unknown>,
	{secure = false, login = true}: {readonly secure?: boolean; readonly login?: boolean} = {},
): Promise<MailServer> => {
	const {certificate, key} = makeServerCertificate(temporaryFolder(t));
	const received: Received[] = [];
	let refusal: string | undefined;
	let refused = 0;
	const server = new SMTPServer({
		secure,
		cert: readFileSync(certificate),
		key: readFileSync(key),
		authOptional: !login,
		disableReverseLookup: true,
		logger: false,
		onAuth({username, password}, _session, callback) {
			const isRight = username === 'user' && password === 'secret';
			callback(isRight ? null : new Error('wrong password'), {user: username});
		},
		onData(stream, session, callback) {
			const pieces: Buffer[] = [];
			stream.on('data', (piece: Buffer) => pieces.push(piece));
			stream.on('end', () => {
				if (refusal !== undefined) {
					refused += 1;
					return callback(smtpError(refusal));
				}
				const raw = Buffer.concat(pieces);
				const {mailFrom, rcptTo} = session.envelope;
				void simpleParser(raw).then(parsed => {
					received.push({
						...parsed,
						raw: raw.toString('utf8'),
						sender: mailFrom === false ? '' : mailFrom.address,
						recipients: rcptTo.map(({address}) => address),
						isSecure: session.secure,
						user: typeof session.user === 'string' ? session.user : undefined,
					});
					callback(null, 'taken');
				}, callback);
			});
		},
	});
	server.on('error', () => undefined);
	const listening = server.listen(0, '127.0.0.1');
	await new Promise(resolve => listening.once('listening', resolve));
	t.teardown(() => new Promise<void>(resolve => server.close(() => resolve())));
	return {
		port: portOf(listening.address()),
		received,
		authority: certificate,
		refuse(answer) {
			refusal = answer;
		},
		refused: () => refused,
	};
};

const smtpError = (answer: string): Error =>
	Object.assign(new Error(answer.slice(4)), {responseCode: Number(answer.slice(0, 3))});

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number =>
	typeof address === 'object' && address !== null ? address.port : 0;

/** What a broken server does with a command; undefined: it says nothing any more. */
export type Behaviour = (line: string, socket: Socket) => string | undefined;

export type Sink = {
	readonly port: number;
	/** The messages whose final dot came. */
	readonly messages: readonly string[];
	readonly connections: () => number;
};

/** A server that speaks plain SMTP as far as `behave` lets it; `DOT` stands for the end of a message. */
export const startSink = async (
	t: ExecutionContext<unknown>,
	behave: Behaviour = () => undefined,
	greeting = '220 sink',
): Promise<Sink> => {
	const messages: string[] = [];
	const sockets = new Set<Socket>();
	let connections = 0;
	const server = createServer(socket => {
		connections += 1;
		sockets.add(socket);
		let rest = '';
		let message: string | undefined;
		const say = (line: string | undefined): void => {
			if (line !== undefined && line !== '' && socket.writable) socket.write(`${line}\r\n`);
		};
		const take = (line: string): void => {
			if (message === undefined) {
				const answer = behave(line, socket);
				if (answer?.startsWith('354')) message = '';
				say(answer);
			} else if (line === '.') {
				messages.push(message);
				message = undefined;
				say(behave('DOT', socket));
			} else message += `${line}\n`;
		};
		say(greeting);
		socket.setEncoding('latin1').on('error', () => undefined);
		socket.on('data', (text: string) => {
			rest += text;
			const lines = rest.split('\r\n');
			rest = lines.pop() ?? '';
			for (const line of lines) take(line);
		});
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return {port: portOf(server.address()), messages, connections: () => connections};
};

/** What a server that takes everything answers. */
export const obliging = (line: string): string => {
	if (/^EHLO/i.test(line)) return '250 sink';
	if (/^DATA/i.test(line)) return '354 go on';
	if (/^QUIT/i.test(line)) return '221 bye';
	return '250 ok';
};
