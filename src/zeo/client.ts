import {ZeoCallError} from './call-error.js';
import {type ConnectionOptions, openConnection, type ZeoConnection} from './connection.js';
import {answerChallenge, type Credentials, passwordHash, sessionKey} from './digest.js';
import {parseStorage, type StorageHealth} from './health-document.js';
import type {PickleValue} from './unpickle.js';

/** What a server tells of a storage. Null where it does not. */
type StorageInfo = {
	/** Number of objects. */
	readonly objects: number | null;
	/** Bytes of its data file. */
	readonly size: number | null;
	/** Path or label, as the server has it. */
	readonly name: string | null;
};

/** One storage of a ZEO server, open for reading, which is all that a pack needs. */
export type ZeoClient = {
	/** Such as `Z5`. */
	readonly announcement: string;
	info(): Promise<StorageInfo>;
	/** 16 hexadecimal digits; all zero for an empty storage. */
	lastTransaction(): Promise<string | null>;
	/** What `ruok` would tell of this storage. */
	status(): Promise<StorageHealth>;
	/**
	 * Drops what was superseded at a time, in Unix seconds; resolves when the server has done so, however long that
	 * takes. The server goes on when the signal ends the wait.
	 */
	pack(unixSeconds: number, signal: AbortSignal): Promise<void>;
	close(): void;
};

export type ClientOptions = Pick<ConnectionOptions, 'address' | 'openSocket' | 'heartbeatMs'> & {
	readonly storage: string;
	/** For the connect and for each call but a pack. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
	/** How the server's log names us (ZEO 5 and 6). */
	readonly label: string;
	/** For a ZEO 4 that asks who we are. */
	readonly credentials?: Credentials | undefined;
};

/**
 * Registers with a storage of a server. All calls reject with a `ZeoCallError`, whose message is a sentence about the
 * server, or with the reason of the signal.
 */
export const openClient = async (options: ClientOptions): Promise<ZeoClient> => {
	const {storage, timeoutMs, signal, label, credentials} = options;
	const limits = {timeoutMs, signal};
	const connection = await openConnection({...options, signal});
	const call = (method: string): Promise<PickleValue> => connection.call(method, [], limits);
	try {
		if (connection.protocol === 'Z4') await authenticate(connection, credentials, limits);
		await connection.call('register', [storage, true], limits);
		if (connection.protocol === 'Z5') await connection.call('set_client_label', [label], limits);
	} catch (error) {
		connection.close();
		throw error;
	}
	return {
		announcement: connection.announcement,
		async info() {
			const found = await call('get_info');
			return {
				objects: numberOf(found, 'length'),
				size: numberOf(found, 'size'),
				name: textOf(found, 'name'),
			};
		},
		async lastTransaction() {
			const tid = await call('lastTransaction');
			return Buffer.isBuffer(tid) && tid.length === 8 ? tid.toString('hex') : null;
		},
		status: async () => parseStorage(recordOf(await call('server_status'))),
		async pack(unixSeconds, ending) {
			await connection.call('pack', [{float: unixSeconds}, true], {signal: ending});
		},
		close: () => connection.close(),
	};
};

type Limits = {readonly timeoutMs: number; readonly signal: AbortSignal | undefined};

/** Digest authentication of ZEO 4; a server without a database of users wants none. */
const authenticate = async (
	connection: ZeoConnection,
	credentials: Credentials | undefined,
	limits: Limits,
): Promise<void> => {
	const protocol = await connection.call('getAuthProtocol', [], limits);
	if (protocol === null) return;
	if (protocol !== 'digest')
		throw unauthenticated(
			`the server asks for the authentication '${String(protocol)}', which zeoctl does not know`,
		);
	if (credentials === undefined) throw unauthenticated('the server asks for a user and a password');
	const [realm, challenge, nonce] = texts(await connection.call('auth_get_challenge', [], limits));
	if (realm === undefined || challenge === undefined || nonce === undefined)
		throw new ZeoCallError({result: 'garbage', reason: 'the challenge is not one of ZEO 4'});
	const hash = passwordHash(credentials, realm);
	const answer = [credentials.user, challenge, answerChallenge(hash, challenge)];
	const accepted = await connection.call('auth_response', [answer], limits);
	if (accepted !== true && accepted !== 1)
		throw unauthenticated(
			`the server does not accept the user '${credentials.user}' with this password`,
		);
	connection.sign(sessionKey(hash, nonce));
};

const unauthenticated = (reason: string): ZeoCallError =>
	new ZeoCallError({result: 'unauthenticated', reason});

/** A realm that the database does not name is None, and counts as that text. */
const texts = (value: PickleValue): readonly string[] =>
	Array.isArray(value)
		? value.map((part: PickleValue) =>
				part === null ? 'None' : Buffer.isBuffer(part) ? part.toString('latin1') : String(part),
			)
		: [];

const isDict = (value: PickleValue): value is ReadonlyMap<PickleValue, PickleValue> =>
	value instanceof Map;

const recordOf = (value: PickleValue): Readonly<Record<string, unknown>> =>
	isDict(value) ? Object.fromEntries([...value].map(([key, item]) => [String(key), item])) : {};

const numberOf = (value: PickleValue, key: string): number | null => {
	const found = isDict(value) ? value.get(key) : undefined;
	return typeof found === 'number' ? found : null;
};

const textOf = (value: PickleValue, key: string): string | null => {
	const found = isDict(value) ? value.get(key) : undefined;
	return typeof found === 'string' ? found : null;
};
