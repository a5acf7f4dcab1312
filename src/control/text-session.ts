import {ZeoctlError} from '../platform/errors.js';
import {dial} from './dial.js';
import {quoteLine} from './json-codec.js';
import type {Reply, Request, Status} from './messages.js';
import type {Session} from './session.js';
import {explainHang} from './socket-trouble.js';
import {parseTextReply, parseTextStatus, renderTextRequest} from './text-codec.js';

type TextOptions = {readonly socketPath: string; readonly timeoutMs: number};

// How often an old manager is asked for its status while somebody waits for a change.
const pollMs = 100;

// Characters; a status is the longest reply, and its longest part is the command line of the program.
const longestReply = 4 * 1024 * 1024;

/** A session with an old manager, which serves one request per connection and cannot push. */
export const createTextSession = (options: TextOptions): Session => {
	let isClosed = false;
	let wake = () => {};
	const ask = async (request: Request): Promise<Reply> => {
		const line = renderTextRequest(request);
		const text = line === undefined ? '' : await exchange(line, options);
		const reply = text === undefined ? undefined : parseTextReply(text, request);
		if (reply !== undefined) return reply;
		throw new ZeoctlError(
			'NOT_RUNNING',
			`cannot ask for "${request.request}" at '${options.socketPath}': the manager has left`,
		);
	};
	return {
		protocol: 'text',
		ask,
		async status() {
			const reply = await ask({request: 'status'});
			if (reply.reply === 'status') return reply.status;
			const what = reply.reply === 'refused' ? quoteLine(reply.reason) : reply.reply;
			throw new ZeoctlError(
				'PROTOCOL',
				`cannot get the status at '${options.socketPath}': the manager answers ${what}`,
			);
		},
		async *statuses() {
			let last: Status | undefined;
			while (!isClosed) {
				const text = await exchange('status\n', options);
				const status = text === undefined ? undefined : parseTextStatus(text);
				if (status === undefined) return;
				if (last === undefined || !isSame(last, status)) yield status;
				last = status;
				await new Promise<void>(resolve => {
					const timer = setTimeout(resolve, pollMs);
					wake = () => {
						clearTimeout(timer);
						resolve();
					};
				});
			}
		},
		close() {
			isClosed = true;
			wake();
		},
	};
};

// A manager drops the connection it has not read yet when the next one comes: nothing was done, so ask again.
const exchange = async (line: string, options: TextOptions): Promise<string | undefined> => {
	const deadline = process.uptime() + options.timeoutMs / 1000;
	for (;;) {
		const text = await tryExchange(line, options);
		if (!text?.startsWith('Command superseded') || process.uptime() > deadline) return text;
	}
};

// Resolves to the whole reply, or to undefined when nobody listens any more.
const tryExchange = async (
	line: string,
	{socketPath, timeoutMs}: TextOptions,
): Promise<string | undefined> => {
	const socket = await dial(socketPath, timeoutMs);
	if (typeof socket === 'string') return undefined;
	return new Promise((resolve, reject) => {
		let text = '';
		const timer = setTimeout(() => {
			reject(explainHang(socketPath, timeoutMs));
			socket.destroy();
		}, timeoutMs);
		socket.setEncoding('utf8');
		socket.on('data', (chunk: string) => {
			text += chunk;
			if (text.length > longestReply) socket.destroy();
		});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(text);
		});
		socket.end(line);
	});
};

const isSame = (one: Status, other: Status): boolean =>
	JSON.stringify({...one, now: 0}) === JSON.stringify({...other, now: 0});
