import {type ChildProcess, spawn} from 'node:child_process';
import type {Writable} from 'node:stream';
import type {SyslogTransport} from './syslog.js';

/** What may wait for the command before records are dropped. */
const queueBytes = 256 * 1024;

/** A command that has failed is not tried again sooner than this. */
const retryMs = 10_000;

/**
 * One `logger` of util-linux for all records, started at the first. A record of several lines becomes several, because
 * it reads line by line. `now` is in Unix milliseconds.
 */
export const createSyslogCommand = (socketPath: string, now: () => number): SyslogTransport => {
	let command: Command | undefined;
	let failedAt = Number.NEGATIVE_INFINITY;
	let reason = 'logger has ended';

	const start = (): Command => {
		if (now() - failedAt < retryMs) throw new Error(reason);
		const started = startLogger(socketPath, why => {
			if (command !== started) return;
			reason = why;
			failedAt = now();
			command = undefined;
		});
		return started;
	};

	return {
		send(priority, text) {
			command ??= start();
			const {input} = command;
			if (input.writableLength > queueBytes) throw new Error('logger does not keep up');
			input.write(`${text.replace(/^/gm, `<${priority}>`)}\n`);
		},
		close() {
			const ending = command;
			command = undefined;
			ending?.input.end();
		},
	};
};

type Command = {readonly child: ChildProcess; readonly input: Writable};

const startLogger = (socketPath: string, onEnd: (reason: string) => void): Command => {
	const child = spawn(
		'logger',
		['--prio-prefix', '--tag', 'zeoctl', '--size', '8KiB', '--socket', socketPath],
		// In a group of its own it outlives a Ctrl-C long enough to pass on our last words.
		{stdio: ['pipe', 'ignore', 'ignore'], detached: true},
	);
	child.on('error', error => onEnd(`cannot run logger: ${error.message}`));
	child.on('exit', code => onEnd(`logger has ended with status ${code}`));
	child.stdin.on('error', () => undefined);
	child.unref();
	if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
	return {child, input: child.stdin};
};
