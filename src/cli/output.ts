import {writeSync} from 'node:fs';
import {errorMessage, systemErrorCode, ZeoctlError} from '../platform/errors.js';
import {isTerminal} from '../platform/terminal.js';
import type {Context} from './command.js';
import type {Sink} from './system.js';

/** Prints the recorded words of a command; nothing when the answer will be JSON. */
export const say = ({system, json}: Context, text: string): void => {
	if (!json) system.stdout.write(text);
};

/** Prints the one JSON document of a command that was asked for it; nothing otherwise. */
export const answer = ({system, json}: Context, value: unknown): void => {
	if (json) system.stdout.write(renderJson(value));
};

/** One line of JSON that a terminal cannot be confused by. */
export const renderJson = (value: unknown): string =>
	`${JSON.stringify(value).replace(
		/[\x7f-\x9f]/g,
		character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	)}\n`;

/** A descriptor as a sink: written at once and completely, also to a full pipe. */
export const descriptorSink = (fd: number): Sink => ({
	isTerminal: isTerminal(fd),
	write: text => writeAll(fd, typeof text === 'string' ? Buffer.from(text) : text),
});

const writeAll = (fd: number, bytes: Uint8Array): boolean => {
	let written = 0;
	while (written < bytes.length) {
		try {
			written += writeSync(fd, bytes, written);
		} catch (error) {
			const code = systemErrorCode(error);
			if (code === 'EPIPE') return false;
			if (code !== 'EAGAIN') throw unwritable(fd, error);
			pause(5);
		}
	}
	return true;
};

const unwritable = (fd: number, cause: unknown): ZeoctlError => {
	const [, reason = String(cause)] = /^E[A-Z]+: ([^,]+)/.exec(errorMessage(cause)) ?? [];
	const name = fd === 1 ? 'standard output' : 'standard error';
	return new ZeoctlError('INTERNAL', `cannot write to ${name}: ${reason}`, {cause});
};

/** A pipe that somebody made non-blocking has no room: there is nothing to do but wait for its reader. */
const pause = (ms: number): void => {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
