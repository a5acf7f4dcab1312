import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type {MailSettings} from '../settings/settings.js';
import type {Composed} from './compose.js';
import {type Delivered, DeliveryError, type MailTransport} from './transport.js';

/** Milliseconds that each part of a delivery may take. The last one bounds every silence of the server. */
type SmtpLimits = {
	readonly lookup: number;
	readonly connect: number;
	readonly greeting: number;
	readonly silence: number;
};

const smtpLimits: SmtpLimits = {
	lookup: 10_000,
	connect: 30_000,
	greeting: 30_000,
	silence: 60_000,
};

/** What it takes to log in; undefined where the server asks for nothing. */
export type Login = {readonly user: string; readonly password: string};

export type SmtpOptions = {
	readonly server: string;
	readonly port: number | undefined;
	readonly security: MailSettings['security'];
	/** Read at each delivery, so that a mended file counts at once. Throws a DeliveryError. */
	readonly login: () => Login | undefined;
	/** The certificates that are trusted, as PEM; undefined: those of Node. */
	readonly trusted: () => readonly string[] | undefined;
	/** Our own name in the greeting. */
	readonly host: string;
	readonly limits?: SmtpLimits;
};

const usualPorts = {starttls: 587, tls: 465, none: 25} as const;

/**
 * Delivers to a mail server, one connection for each message. With `starttls` and `tls` nothing, the password least of
 * all, is sent before the certificate of the server has been checked.
 */
export const smtpTransport = (options: SmtpOptions): MailTransport => {
	const {security} = options;
	const name = nameOf(options);
	return {
		name,
		async deliver(message, signal) {
			const login = options.login();
			const connection = openConnection(options);
			let stage: Stage = 'connecting';
			const onStage = (next: Stage): void => {
				stage = next;
			};
			try {
				return await untilAborted(signal, converse({connection, message, login, onStage}));
			} catch (error) {
				throw describeFailure(error, {name, security, stage});
			} finally {
				connection.close();
			}
		},
	};
};

const portOf = ({port, security}: Pick<SmtpOptions, 'port' | 'security'>): number =>
	port ?? usualPorts[security];

const nameOf = (options: Pick<SmtpOptions, 'server' | 'port' | 'security'>): string =>
	`${options.server}:${portOf(options)}`;

const openConnection = (options: Omit<SmtpOptions, 'login'>): SMTPConnection => {
	const {server, security, host, limits = smtpLimits} = options;
	const ca = security === 'none' ? undefined : options.trusted();
	return new SMTPConnection({
		host: server,
		port: portOf(options),
		name: host,
		secure: security === 'tls',
		requireTLS: security === 'starttls',
		ignoreTLS: security === 'none',
		tls: {minVersion: 'TLSv1.2', ...(ca && {ca: [...ca]})},
		dnsTimeout: limits.lookup,
		connectionTimeout: limits.connect,
		greetingTimeout: limits.greeting,
		socketTimeout: limits.silence,
	});
};

/**
 * Connects to a mail server, greets it, checks its certificate where that is asked for, and leaves: nobody logs in and
 * nothing is sent. Resolves to its name; throws a DeliveryError.
 */
export const greetServer = async (
	options: Omit<SmtpOptions, 'login'>,
	signal: AbortSignal,
): Promise<string> => {
	const name = nameOf(options);
	const connection = openConnection(options);
	const greeting = new Promise<string>((resolve, reject) => {
		connection.on('error', reject);
		connection.once('end', () => reject(new Error('the server closed the connection')));
		connection.connect(error => {
			if (error) return reject(error);
			connection.quit();
			resolve(name);
		});
	});
	try {
		return await untilAborted(signal, greeting);
	} catch (error) {
		throw describeFailure(error, {name, security: options.security, stage: 'connecting'});
	} finally {
		connection.close();
	}
};

type Stage = 'connecting' | 'logging in' | 'sending';

const converse = async ({
	connection,
	message: {from, to, raw},
	login,
	onStage,
}: {
	readonly connection: SMTPConnection;
	readonly message: Composed;
	readonly login: Login | undefined;
	readonly onStage: (stage: Stage) => void;
}): Promise<Delivered> =>
	new Promise((resolve, reject) => {
		connection.once('error', reject);
		connection.once('end', () => reject(new Error('the server closed the connection')));
		const send = (): void => {
			onStage('sending');
			connection.send({from, to: [...to], size: raw.length}, raw, (error, info) => {
				if (error) return reject(error);
				connection.quit();
				resolve({response: info.response, refused: info.rejected});
			});
		};
		connection.connect(error => {
			if (error) return reject(error);
			if (login === undefined) return send();
			const {user, password} = login;
			onStage('logging in');
			connection.login({user, pass: password}, failure => (failure ? reject(failure) : send()));
		});
	});

const untilAborted = async <Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> => {
	let abort: (() => void) | undefined;
	const aborted = new Promise<never>((_, reject) => {
		abort = () => reject(new Error('it took too long'));
		signal.addEventListener('abort', abort, {once: true});
		if (signal.aborted) abort();
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		if (abort) signal.removeEventListener('abort', abort);
	}
};

const describeFailure = (
	error: unknown,
	{
		name,
		security,
		stage,
	}: {
		readonly name: string;
		readonly security: MailSettings['security'];
		readonly stage: Stage;
	},
): DeliveryError => {
	const {message, code, responseCode} = partsOf(error);
	const reason = code === 'ETIMEDOUT' ? 'no answer in time' : message;
	const isTls =
		code !== 'ETIMEDOUT' && (/certificate|self-signed/i.test(message) || code === 'ETLS');
	return new DeliveryError(`cannot deliver to ${name}: ${reason}, while ${stage}`, {
		isPermanent: responseCode !== undefined && responseCode >= 500,
		...(isTls && security !== 'none' && {hint: tlsHint}),
		...(code === 'EAUTH' && {hint: "check 'user' and the password of the <mail> section"}),
		cause: error,
	});
};

const tlsHint =
	"add the server's authority to the certificates of the system, or set 'security' in the <mail> section";

const partsOf = (error: unknown) => {
	const message = error instanceof Error ? error.message : String(error);
	const field = (name: string): unknown =>
		typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
	const [code, responseCode] = ['code', 'responseCode'].map(field);
	return {
		message,
		code: typeof code === 'string' ? code : undefined,
		responseCode: typeof responseCode === 'number' ? responseCode : undefined,
	};
};
