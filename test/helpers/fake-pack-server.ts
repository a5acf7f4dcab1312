import {createHash, createHmac, type Hmac} from 'node:crypto';
import type {Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {encodeFrame} from '../../src/zeo/frame.js';
import {encodePickle, type PickleInput} from '../../src/zeo/pickle.js';
import {decodePickle, type PickleValue} from '../../src/zeo/unpickle.js';
import {healthOf, openPeer} from './fake-zeo.js';

/** What a fake server answers to a call: the body of a frame, or what it does instead. */
export type FakeAnswer =
	| {readonly reply: PickleInput}
	/** A body as it was recorded, hexadecimal, without the length. */
	| {readonly body: string}
	| 'nothing'
	| 'close';

export type FakeCall = {
	readonly id: number;
	readonly method: string;
	readonly args: PickleValue;
	/** How many calls of this method came before, from all clients. */
	readonly earlier: number;
};

export type FakeServer = {
	readonly host: string;
	readonly port: number;
	/** The calls so far, in order. */
	readonly calls: readonly FakeCall[];
	/** Everything that clients have sent, without the frames' lengths, hexadecimal. */
	readonly received: readonly string[];
	/** Sends a body to all clients, as it is. */
	broadcast(hex: string): void;
	/** Ends all connections. */
	hangUp(): void;
	connections(): number;
};

export type FakeServerOptions = {
	readonly announcement?: string;
	readonly answer?: (call: FakeCall) => FakeAnswer | undefined;
	/** What `ruok` gets; undefined: nothing. */
	readonly health?: () => string | undefined;
	/** A ZEO 4 that wants to know who calls. */
	readonly users?: Readonly<Record<string, string>>;
	readonly where?: {readonly host: string} | {readonly path: string};
};

/** The body of `(id, 0, '.reply', value)`. */
export const replyBody = (id: number, value: PickleInput): Buffer =>
	encodePickle([id, 0, '.reply', value]);

/** `(id, 2, '.reply', (className, detail))`, as ZEO 5 and 6 tell an exception. */
export const exceptionBody = (id: number, className: string, detail: PickleInput): string =>
	encodePickle([id, 2, '.reply', [className, detail]]).toString('hex');

/**
 * What ZEO 6 sent for `get_info`, recorded, with a size of eight bytes at most as Python's pickler writes it: opcode
 * 4a up to 31 bits, 8a beyond.
 */
export const infoBody = (id: number, objects: number, size: bigint): string => {
	const length = encodePickle(objects).subarray(2, -1).toString('hex');
	return `8003284b${byte(id)}4b0058060000002e7265706c797d2858060000006c656e677468${length}580400000073697a65${sizeOpcode(size)}58040000006e616d65580b0000007661722f446174612e6673757474742e`.replace(
		/757474742e$/,
		'75742e',
	);
};

const byte = (value: number): string => value.toString(16).padStart(2, '0');

const sizeOpcode = (size: bigint): string => {
	const bytes = Buffer.alloc(8);
	bytes.writeBigInt64LE(size);
	if (size < 2n ** 31n) return `4a${bytes.toString('hex', 0, 4)}`;
	let length = 8;
	while (length > 1 && bytes[length - 1] === 0 && (bytes[length - 2] ?? 0) < 128) length -= 1;
	return `8a${byte(length)}${bytes.toString('hex', 0, length)}`;
};

const usual = ({method, id}: FakeCall): FakeAnswer => {
	switch (method) {
		case 'register':
		case 'lastTransaction':
			return {reply: Buffer.from('040d326e432cc411', 'hex')};
		case 'get_info':
			return {body: infoBody(id, 730, 4_213_394n)};
		default:
			return {reply: null};
	}
};

/** A ZEO server that speaks the real bytes and does what it is told. */
export const openFakeServer = async (
	t: ExecutionContext,
	{
		announcement = 'Z5',
		answer = () => undefined,
		health = () => healthOf('main'),
		users,
		where,
	}: FakeServerOptions = {},
): Promise<FakeServer> => {
	const calls: FakeCall[] = [];
	const received: string[] = [];
	const lines = new Set<{send(body: Buffer): void; socket: Socket}>();
	const peer = await openPeer(
		t,
		socket => {
			const line = openFakeLine(socket, body => {
				received.push(body.toString('hex'));
				if (body.toString('latin1') === 'ruok') {
					const text = health();
					if (text !== undefined) socket.end(encodeFrame(text));
					return;
				}
				if (/^[A-Z]\d+$/.test(body.toString('latin1'))) return;
				receive(body);
			});
			const entry = {send: line.send, socket};
			lines.add(entry);
			socket.on('close', () => lines.delete(entry));
			const authenticate = users && createAuthentication(users, line);
			const receive = (body: Buffer): void => {
				const message = decodePickle(body);
				const [id, flag, method, args] = message as [number, boolean, string, PickleValue];
				if (flag !== false) return;
				const earlier = calls.filter(call => call.method === method).length;
				const call = {id, method, args, earlier};
				calls.push(call);
				if (authenticate?.(call)) return;
				const given = answer(call) ?? usual(call);
				if (given === 'close') socket.destroy();
				else if (given !== 'nothing')
					line.send('body' in given ? Buffer.from(given.body, 'hex') : replyBody(id, given.reply));
			};
			line.send(Buffer.from(announcement));
		},
		where,
	);
	return {
		...peer,
		calls,
		received,
		broadcast(hex) {
			for (const {send} of lines) send(Buffer.from(hex, 'hex'));
		},
		hangUp() {
			for (const {socket} of lines) socket.destroy();
		},
	};
};

type FakeLine = {send(body: Buffer): void; sign(key: Buffer): void};

/** Frames in both directions; once there is a key they are signed as ZEO 4 does, written anew from its description. */
const openFakeLine = (socket: Socket, receive: (body: Buffer) => void): FakeLine => {
	let key: Buffer | undefined;
	let sent = Buffer.alloc(0);
	let heard = Buffer.alloc(0);
	let rest = Buffer.alloc(0);
	const mac = (all: Buffer): Buffer => {
		const hmac: Hmac = createHmac('sha1', key ?? '');
		return hmac.update(all).digest();
	};
	socket.on('data', chunk => {
		rest = Buffer.concat([rest, chunk]);
		for (;;) {
			if (rest.length < 4) return;
			const header = rest.readUInt32BE();
			const isSigned = header >= 2 ** 31;
			const start = isSigned ? 24 : 4;
			const end = start + (header % 2 ** 31);
			if (rest.length < end) return;
			const body = rest.subarray(start, end);
			if (key !== undefined) {
				heard = Buffer.concat([heard, body]);
				if (!isSigned || !mac(heard).equals(rest.subarray(4, 24))) {
					socket.destroy();
					return;
				}
			}
			rest = rest.subarray(end);
			receive(body);
		}
	});
	return {
		send(body) {
			if (key === undefined) {
				socket.write(encodeFrame(body));
				return;
			}
			sent = Buffer.concat([sent, body]);
			const header = Buffer.alloc(4);
			header.writeUInt32BE(2 ** 31 + body.length);
			socket.write(Buffer.concat([header, mac(sent), body]));
		},
		sign(next) {
			key = next;
		},
	};
};

const sha1 = (text: string): Buffer => createHash('sha1').update(text).digest();

/** The digest authentication of ZEO 4; gives whether it has answered the call. */
const createAuthentication = (
	users: Readonly<Record<string, string>>,
	line: FakeLine,
): ((call: FakeCall) => boolean) => {
	const [challenge, nonce] = ['0f'.repeat(20), 'a1'.repeat(20)];
	return ({id, method, args}) => {
		if (method === 'getAuthProtocol') line.send(replyBody(id, 'digest'));
		else if (method === 'auth_get_challenge')
			line.send(replyBody(id, ['My Realm', challenge, nonce]));
		else if (method === 'auth_response') {
			const [[user, given, response]] = args as [[string, string, string]];
			const hash = users[user] ?? '';
			const isRight =
				hash !== '' &&
				given === challenge &&
				response === sha1(`${hash}:${challenge}`).toString('hex');
			line.send(replyBody(id, isRight));
			if (isRight)
				line.sign(Buffer.concat([sha1(`${hash}:${nonce}`), Buffer.from(hash.slice(0, 44))]));
		} else return false;
		return true;
	};
};
