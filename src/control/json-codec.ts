import type {ErrorCode} from '../platform/errors.js';
import {fields, parseReply, parseStatus, wholeNumber} from './json-values.js';
import {type Asker, protocolVersion, type Reply, type Request, type Status} from './messages.js';

/** One line from a client. An error repeats the id if the line had one, and names what it refuses. */
export type ClientLine =
	| {readonly line: 'hello'; readonly asker: Asker}
	| {readonly line: 'request'; readonly id: number; readonly request: Request}
	| {readonly line: 'error'; readonly id: number | null; readonly message: string};

/** One line from a supervisor. */
export type ServerLine =
	| {readonly line: 'hello'; readonly version: number; readonly server: string}
	| {readonly line: 'reply'; readonly id: number; readonly reply: Reply}
	| {readonly line: 'status'; readonly id: number; readonly status: Status}
	| {
			readonly line: 'error';
			readonly id: number | null;
			readonly code: string;
			readonly message: string;
	  };

/** The longest claim of an asker that is believed, in characters. */
const longestClaim = 200;

/**
 * The first line of a client. It has no white space outside of the final newline, so that an old manager, which
 * splits there, repeats its beginning as `Unknown command '{"hello":1...`.
 */
export const renderHello = ({client, user, pid}: Asker): string =>
	`${JSON.stringify({hello: protocolVersion, client, user, pid}).replaceAll(' ', '\\u0020')}\n`;

/** The line of one request; ids are chosen by the client and come back with the reply. */
export const renderRequest = (id: number, request: Request): string =>
	`{"id":${id},${JSON.stringify(request).slice(1)}\n`;

/** The supervisor's answer to a hello, such as `server` = `zeoctl/0.1.0`. */
export const renderServerHello = (server: string): string =>
	`${JSON.stringify({hello: protocolVersion, server})}\n`;

/** The line of one reply. */
export const renderReply = (id: number, reply: Reply): string =>
	`{"id":${id},${JSON.stringify(reply).slice(1)}\n`;

/** The line that answers a subscription; the status is JSON already. */
export const renderStatusReply = (id: number, statusJson: string): string =>
	`{"id":${id},"reply":"status","status":${statusJson}}\n`;

/** The line that tells the subscriber with this request id of a change; the status is JSON already. */
export const renderStatusEvent = (id: number, statusJson: string): string =>
	`{"event":"status","id":${id},"status":${statusJson}}\n`;

/** The line of a refusal; the id is null where the request had none that could be read. */
export const renderError = (id: number | null, code: ErrorCode, message: string): string =>
	`${JSON.stringify({id, error: {code, message}})}\n`;

/** Reads one line of a client. Unknown fields are ignored; nothing else is taken on trust. */
export const parseClientLine = (text: string): ClientLine => {
	const value = parseObject(text);
	if (value === undefined) return refuse(null, text, 'it is not a JSON object');
	if ('hello' in value) return parseHello(value, text);
	const id = wholeNumber(value['id']);
	if (id === undefined) return refuse(null, text, 'it has no whole number as "id"');
	const request = parseRequest(value);
	return typeof request === 'string' ? refuse(id, text, request) : {line: 'request', id, request};
};

/** Reads one line of a supervisor; undefined when it is not of this protocol. */
export const parseServerLine = (text: string): ServerLine | undefined => {
	const value = parseObject(text);
	if (value === undefined) return undefined;
	const version = wholeNumber(value['hello']);
	if (version !== undefined) {
		return {line: 'hello', version, server: String(value['server'] ?? 'unknown')};
	}
	const error = fields(value['error']);
	const id = wholeNumber(value['id']);
	if (error !== undefined) {
		const {code, message} = error;
		return {line: 'error', id: id ?? null, code: String(code), message: String(message)};
	}
	if (id === undefined) return undefined;
	if (value['event'] === 'status') {
		const status = parseStatus(value['status']);
		return status && {line: 'status', id, status};
	}
	const reply = parseReply(value);
	return reply && {line: 'reply', id, reply};
};

/** The beginning of a line, quoted, short enough for a message. */
export const quoteLine = (text: string): string =>
	JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);

const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
	try {
		return fields(JSON.parse(text));
	} catch {
		return undefined;
	}
};

const parseHello = (value: Readonly<Record<string, unknown>>, text: string): ClientLine => {
	if (value['hello'] !== protocolVersion) {
		return refuse(null, text, `this supervisor speaks version ${protocolVersion} of the protocol`);
	}
	const {client, user, pid} = value;
	return {
		line: 'hello',
		asker: {
			client: typeof client === 'string' ? client.slice(0, longestClaim) : 'unknown',
			...(typeof user === 'string' && {user: user.slice(0, longestClaim)}),
			...(typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && {pid}),
		},
	};
};

const parseRequest = (value: Readonly<Record<string, unknown>>): Request | string => {
	const name = value['request'];
	switch (name) {
		case 'status':
			return {request: name, ...(value['fresh'] === true && {fresh: true})};
		case 'start':
		case 'stop':
		case 'restart':
		case 'reopen-transcript':
		case 'reload':
		case 'subscribe':
			return {request: name};
		case 'kill': {
			const signal = wholeNumber(value['signal']);
			if (signal !== undefined && Math.abs(signal) < 0x8000_0000) return {request: name, signal};
			return 'its "signal" is not a signal number';
		}
		default:
			return 'its "request" is none of status, start, stop, restart, kill, reopen-transcript, reload, subscribe';
	}
};

const refuse = (id: number | null, text: string, why: string): ClientLine => ({
	line: 'error',
	id,
	message: `cannot serve ${quoteLine(text)}: ${why}`,
});
