import {connect} from 'node:net';
import test from 'ava';
import {fakeHandler, openControlServer} from '../helpers/control-server.js';
import {bySize} from '../helpers/full-size.js';
import {givenSeed} from '../helpers/given-seed.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';

// Half of the requests are text, half JSON.
const total = bySize(100_000, 10_000);
const seed = givenSeed(20_261_123);

const textSeeds: [string, ...string[]] = [
	'status',
	'start',
	'stop',
	'restart',
	'kill',
	'kill 15',
	'kill -9',
	'reopen_transcript',
	'help me',
	'',
];

const jsonSeeds: [string, ...string[]] = [
	'{"hello":1,"client":"zeoctl/0.1.0","user":"jane","pid":7}',
	'{"id":1,"request":"status"}',
	'{"id":2,"request":"start"}',
	'{"id":3,"request":"stop"}',
	'{"id":4,"request":"kill","signal":15}',
	'{"id":5,"request":"reopen-transcript"}',
	'{"id":6,"request":"subscribe"}',
	'{"id":7,"request":"restart","more":[{"a":null}]}',
];

const tokens: [string, ...string[]] = [
	'{',
	'}',
	'[',
	'"',
	'\\',
	'\\u0000',
	'\0',
	'\xff',
	'\xc3\xa9',
	' ',
	'\t',
	'\r',
	'-',
	'1e999',
	'99999999999999999999',
	'null',
	'__proto__',
	'constructor',
	'"id":',
	'"request":',
	'"hello":',
	"'",
	'a'.repeat(300),
];

const mutate = (random: SeededRandom, line: string): string => {
	const {below, pick} = random;
	let text = line;
	for (let count = below(4); count > 0; count -= 1) {
		const at = below(text.length + 1);
		const to = at + below(4);
		const changes = [
			text.slice(0, at) + text.slice(to),
			text.slice(0, at) + pick(tokens) + text.slice(at),
			text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1),
			text.slice(0, at) + text.slice(at, to) + text.slice(at),
			text.slice(0, at),
			text + text,
		] as const;
		text = changes[below(changes.length)] ?? text;
	}
	if (below(500) === 0) text = pick(tokens).repeat(below(12_000));
	return text.replaceAll('\n', '');
};

// Sends bytes and half-closes; everything that comes back, or a failure when the end does not come in time.
const exchange = (socketPath: string, bytes: Buffer): Promise<string> =>
	new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect({path: socketPath, allowHalfOpen: true});
		const timer = setTimeout(() => {
			reject(new Error(`no end of the reply to ${JSON.stringify(bytes.toString('latin1'))}`));
			socket.destroy();
		}, 60_000);
		socket.on('data', chunk => chunks.push(chunk));
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(Buffer.concat(chunks).toString());
		});
		socket.end(bytes);
	});

const plainReply = new RegExp(
	`^(?:${[
		'Application already started',
		'Sent SIGTERM(?:; will restart later)?',
		'Empty command',
		'Command exceeds 10 KB',
		'status=running\\nnow=[^]*\\nargs=.*',
	].join('|')})\\n$`,
);

// Whether a text reply is one of the known ones, and a refusal repeats the word that it refuses.
const isFitting = (line: string, reply: string): boolean => {
	if (plainReply.test(reply)) return true;
	const words = line.split(/[ \t\r\v\f]+/).filter(word => word !== '');
	if (reply === '') return words[0] === 'reopen_transcript';
	const refusal =
		/^(?:(?<unknown>Unknown command) (?<repr>'.*'|".*"); 'help' for a list|Bad signal (?<signal>'.*'|".*")|Command not in UTF-8: (?<bytes>b'.*'|b".*")|(?:Signal|Kill) (?<digits>-?\d+) (?:sent|failed: \[Errno 22\] Invalid argument))\n$/.exec(
			reply,
		)?.groups;
	if (refusal === undefined) return false;
	const {unknown, repr, signal, bytes} = refusal;
	const word = (unknown === undefined ? words[1] : words[0]) ?? '';
	const shown = repr ?? signal;
	if (shown !== undefined && /^[\w{}[\].:,-]*$/.test(word)) return shown === `'${word}'`;
	return bytes === undefined || /[\x80-\xff]/.test(line);
};

test(`${total / 2} mutated text requests are all answered, and refused by name`, async t => {
	const {socketPath} = await openControlServer(t);
	const random = seededRandom(seed);
	t.log(`seed ${seed}`);
	const wrong: string[] = [];
	const ask = async (line: string) => {
		const reply = await exchange(socketPath, Buffer.from(`${line}\n`, 'latin1'));
		if (!isFitting(line, reply)) wrong.push(JSON.stringify([line, reply]));
	};
	for (let done = 0; done < total / 2; done += 50) {
		const lines = Array.from({length: 50}, () => mutate(random, random.pick(textSeeds)));
		await Promise.all(lines.filter(line => !line.startsWith('{')).map(ask));
	}
	t.deepEqual(wrong, []);
	t.regex(await exchange(socketPath, Buffer.from('status\n')), /^status=running\n/);
});

// The id which a refusal has to repeat.
const idOf = (line: string): number | null => {
	try {
		const {id, hello} = JSON.parse(line);
		return hello === undefined && Number.isSafeInteger(id) ? id : null;
	} catch {
		return null;
	}
};

// A refusal names its request by the id, or by the beginning of the line.
const isNamed = (line: string, reply: {id: unknown; error?: {message: string}}): boolean => {
	if (reply.error === undefined) return true;
	const beginning = [...line].slice(0, 20).join('');
	const quoted = JSON.stringify(beginning).slice(1, -1);
	const isQuoted = reply.error.message.includes(quoted) && beginning !== '';
	return reply.id === null ? isQuoted : reply.id === idOf(line);
};

test(`${total / 2} mutated JSON requests are all answered, and refused by name`, async t => {
	const {handler} = fakeHandler();
	const {socketPath} = await openControlServer(t, {handler});
	const random = seededRandom(seed + 1);
	t.log(`seed ${seed}`);
	const wrong: string[] = [];
	let refused = 0;
	const askAll = async (lines: readonly string[]) => {
		// After each line a request that marks the end of what is said to it.
		const marked = lines.map((line, index) => `${line}\n{"id":${-1 - index},"request":"start"}\n`);
		const bytes = Buffer.from(`{"hello":1}\n${marked.join('')}`, 'latin1');
		const replies = (await exchange(socketPath, bytes)).split('\n').slice(1, -1);
		for (const [index, latin1] of lines.entries()) {
			const end = replies.findIndex(reply => reply.startsWith(`{"id":${-1 - index},"reply"`));
			const line = Buffer.from(latin1, 'latin1').toString();
			const own = end === -1 ? replies.splice(0) : replies.splice(0, end + 1).slice(0, -1);
			refused += own.filter(reply => reply.includes('"error"')).length;
			const isAnswered = own.length === (latin1.length > 1 ? 1 : 0);
			const isEnd = end === -1 && /exceeds 64 KiB/.test(own[0] ?? '');
			if (!isAnswered || !own.every(reply => isNamed(line, JSON.parse(reply)))) {
				wrong.push(JSON.stringify([line, own]));
			}
			if (isEnd) return;
			if (end === -1) wrong.push(JSON.stringify([line, 'the connection ended']));
		}
	};
	for (let done = 0; done < total / 2; done += 50) {
		await askAll(Array.from({length: 50}, () => mutate(random, random.pick(jsonSeeds))));
	}
	t.deepEqual(wrong.slice(0, 10), []);
	t.true(refused > total / 10);
	t.regex(await exchange(socketPath, Buffer.from('status\n')), /^status=running\n/);
});
