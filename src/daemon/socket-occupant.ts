import {connect} from 'node:net';
import {systemErrorCode} from '../platform/errors.js';

/** Who is behind a socket file: nobody, somebody of another user, or a manager with what it says. */
export type Occupant =
	| {readonly occupant: 'gone'}
	| {readonly occupant: 'nobody'}
	| {readonly occupant: 'unreachable'; readonly code: string}
	/** Its status lines, undefined when it does not answer. */
	| {readonly occupant: 'manager'; readonly status: string | undefined};

/** Milliseconds in which a live manager should have told its status. */
const answerMs = 2000;

// A status is far shorter; whoever sends more is cut.
const mostCharacters = 64 * 1024;

/** Knocks at a socket file, and asks for the status in words that every manager knows. */
export const identifyOccupant = (address: string): Promise<Occupant> =>
	new Promise(resolve => {
		let text = '';
		let isConnected = false;
		const socket = connect(address);
		const timer = setTimeout(() => socket.destroy(), answerMs);
		socket.setEncoding('utf8');
		socket.on('connect', () => {
			isConnected = true;
			socket.end('status\n');
		});
		socket.on('data', (chunk: string) => {
			text += chunk;
			if (text.length > mostCharacters) socket.destroy();
		});
		socket.on('error', error => {
			const code = systemErrorCode(error) ?? 'ECONNREFUSED';
			if (!isConnected || (text === '' && hasEnded(code))) resolve(explainFailure(code));
		});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve({occupant: 'manager', status: text.trimEnd() || undefined});
		});
	});

/** It ended with us in its queue: whoever knocks again sees what is left. */
const hasEnded = (code: string): boolean => code === 'ECONNRESET' || code === 'EPIPE';

const explainFailure = (code: string): Occupant => {
	if (code === 'ENOENT' || hasEnded(code)) return {occupant: 'gone'};
	if (code === 'ECONNREFUSED') return {occupant: 'nobody'};
	// The queue of a listener is full: somebody holds it.
	if (code === 'EAGAIN') return {occupant: 'manager', status: undefined};
	return {occupant: 'unreachable', code};
};
