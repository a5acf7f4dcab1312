import {isUtf8} from 'node:buffer';
import {renderPythonString} from '../platform/python-repr.js';
import type {Reply, Request, StateName, Status} from './messages.js';
import {
	parsePythonList,
	parsePythonString,
	renderPythonBytes,
	renderPythonList,
} from './python-literals.js';

/** A request as understood, with its signal in full digits, or the text that refuses it. */
export type ParsedTextRequest =
	| {readonly request: Request; readonly signalText?: string}
	| {readonly error: string};

const commands: ReadonlyMap<string, Request> = new Map<string, Request>([
	['status', {request: 'status'}],
	['start', {request: 'start'}],
	['stop', {request: 'stop'}],
	['restart', {request: 'restart', unchecked: true}],
	['kill', {request: 'kill', signal: 15}],
	['reopen_transcript', {request: 'reopen-transcript'}],
]);

/**
 * Reads one line of zdaemon's protocol: bytes as a latin-1 string, without the newline. Words are separated by
 * ASCII white space, those beyond the needed ones are ignored. What is refused is named in the refusal.
 */
export const parseTextRequest = (line: string): ParsedTextRequest => {
	const words = line.match(/[^ \t\r\n\v\f]+/g);
	if (words === null) return {error: 'Empty command'};
	const name = decodeWord(words[0] ?? '');
	if (name === undefined) return {error: `Command not in UTF-8: ${renderPythonBytes(line)}`};
	const request = commands.get(name);
	if (request === undefined) {
		return {error: `Unknown command ${renderPythonString(name)}; 'help' for a list`};
	}
	if (words.length === 1) return {request};
	const given = words.slice(1).map(decodeWord);
	if (given.includes(undefined)) return {error: `Command not in UTF-8: ${renderPythonBytes(line)}`};
	return request.request === 'kill' ? parseKill(given[0] ?? '') : {request};
};

/** The line that asks an old manager; undefined for what its protocol lacks. */
export const renderTextRequest = (request: Request): string | undefined => {
	if (request.request === 'kill') return `kill ${request.signal}\n`;
	for (const [name, known] of commands) if (known.request === request.request) return `${name}\n`;
	return undefined;
};

/** A reply in zdaemon's words, with its newline; `signalText` is how the sender's signal is repeated. */
export const renderTextReply = (reply: Reply, signalText?: string): string => {
	switch (reply.reply) {
		case 'status':
			return renderTextStatus(reply.status);
		case 'started':
			return 'Application started\n';
		case 'already-started':
			return 'Application already started\n';
		case 'stopping':
			return 'Sent SIGTERM\n';
		case 'restarting':
			return 'Sent SIGTERM; will restart later\n';
		case 'already-stopped':
			return 'Application already stopped\n';
		case 'signalled':
			return `Signal ${reply.signal} sent\n`;
		case 'not-running':
			return 'Application not running\n';
		case 'kill-failed':
			return `Kill ${signalText ?? reply.signal} failed: ${reply.reason}\n`;
		case 'reopened':
		case 'handing-over':
			return '';
		case 'refused':
			return `${reply.reason}\n`;
	}
};

/** What an old manager's words mean as a reply to the request; undefined when they are none. */
export const parseTextReply = (text: string, request: Request): Reply | undefined => {
	if (request.request === 'status') {
		const status = parseTextStatus(text);
		if (status !== undefined) return {reply: 'status', status};
	}
	if (text === '') {
		return request.request === 'reopen-transcript'
			? {reply: 'reopened', confirmed: true}
			: undefined;
	}
	const line = text.trimEnd();
	const known = knownReplies.get(line);
	if (known !== undefined) return known;
	const sent = /^Signal (-?\d+) sent$/.exec(line);
	if (sent) return {reply: 'signalled', signal: Number(sent[1])};
	const failed = /^Kill (-?\d+) failed: (.*)$/s.exec(line);
	if (failed) return {reply: 'kill-failed', signal: Number(failed[1]), reason: failed[2] ?? ''};
	return {reply: 'refused', reason: line};
};

/** The twelve lines of a status, byte for byte as zdaemon writes them. */
export const renderTextStatus = (status: Status): string =>
	`status=${status.pid === null ? 'stopped' : 'running'}
now=${renderFloat(status.now)}
should_be_up=${status.wanted === 'up' ? 1 : 0}
delay=${status.delayUntil === 0 ? 0 : renderFloat(status.delayUntil)}
backoff=${status.backoff}
lasttime=${status.lastStart === 0 ? 0 : renderFloat(status.lastStart)}
application=${status.pid ?? 0}
testing=${status.testing ? 1 : 0}
manager=${status.manager}
backofflimit=${status.backoffLimit}
filename=${renderPythonString(status.filename)}
args=${renderPythonList(status.argv)}
`;

/** Reads the status lines of an old manager; undefined when there is no `application` among them. */
export const parseTextStatus = (text: string): Status | undefined => {
	const fields = new Map<string, string>();
	for (const line of text.split('\n')) {
		const at = line.indexOf('=');
		if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1));
	}
	const number = (name: string, otherwise = 0) => {
		const value = Number(fields.get(name) ?? otherwise);
		return Number.isFinite(value) ? value : otherwise;
	};
	if (!/^\d+$/.test(fields.get('application') ?? '')) return undefined;
	const pid = number('application') || null;
	const wanted = number('should_be_up', 1) === 0 ? 'down' : 'up';
	const testing = number('testing') !== 0;
	const delayUntil = number('delay');
	return {
		state: nameState({pid, wanted, testing, delayUntil}),
		wanted,
		readiness: 'unknown',
		testing,
		pid,
		manager: number('manager'),
		version: null,
		now: number('now'),
		since: null,
		lastStart: number('lasttime'),
		restarts: null,
		backoff: number('backoff'),
		backoffLimit: number('backofflimit'),
		delayUntil,
		filename: parsePythonString(fields.get('filename') ?? '') ?? '',
		argv: parsePythonList(fields.get('args') ?? '') ?? [],
		lastExit: null,
		reason: null,
		lastOutput: [],
		adopted: false,
		health: null,
		transcript: null,
		configuration: null,
		handover: null,
	};
};

const knownReplies: ReadonlyMap<string, Reply> = new Map<string, Reply>([
	['Application started', {reply: 'started'}],
	['Application already started', {reply: 'already-started'}],
	['Sent SIGTERM', {reply: 'stopping'}],
	['Sent SIGTERM; will restart later', {reply: 'restarting'}],
	['Application already stopped', {reply: 'already-stopped'}],
	['Application not running', {reply: 'not-running'}],
]);

// A running program with a delay is one whose SIGKILL is due: an old manager has no other use for it.
const nameState = (known: Pick<Status, 'pid' | 'wanted' | 'testing' | 'delayUntil'>): StateName => {
	if (known.pid !== null) {
		if (known.wanted === 'down' || known.delayUntil !== 0) return 'stopping';
		return known.testing ? 'starting' : 'running';
	}
	if (known.wanted === 'down') return 'stopped';
	return known.delayUntil === 0 ? 'starting' : 'backoff';
};

const decodeWord = (word: string): string | undefined => {
	if (/^[\x00-\x7f]*$/.test(word)) return word;
	const bytes = Buffer.from(word, 'latin1');
	return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
};

// Python's `int(text)`: Unicode blanks around it, a sign, digits of any script with single underscores between
// them, at most 4300 of them. Kernel signal numbers are C ints; anything beyond cannot name one.
const parseKill = (word: string): ParsedTextRequest => {
	const text = trimBlanks(word).replace(/\p{Nd}/gu, decimalDigit);
	const digits = text.replace(/[+_-]/g, '');
	if (!/^[+-]?\d+(?:_\d+)*$/.test(text) || digits.length > 4300) {
		return {error: `Bad signal ${renderPythonString(word)}`};
	}
	const magnitude = digits.replace(/^0+(?=\d)/, '');
	const signalText = text.startsWith('-') && magnitude !== '0' ? `-${magnitude}` : magnitude;
	const signal = Math.max(-0x8000_0000, Math.min(0x7fff_ffff, Number(signalText)));
	return {request: {request: 'kill', signal}, signalText};
};

const blank = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const trimBlanks = (text: string): string => {
	let start = 0;
	let end = text.length;
	while (start < end && blank.test(text.charAt(start))) start += 1;
	while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
	return text.slice(start, end);
};

// The digits of a script are ten code points in a row; some scripts follow each other without a gap.
const decimalDigit = (digit: string): string => {
	if (digit <= '9') return digit;
	const code = digit.codePointAt(0) ?? 0;
	let first = code;
	while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
	return String((code - first) % 10);
};

// Python's `repr` of a float, for the magnitudes that times have.
const renderFloat = (value: number): string =>
	Number.isInteger(value) ? `${value}.0` : String(value);
