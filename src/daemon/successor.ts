import {closeSync, openSync, readFileSync, unlinkSync} from 'node:fs';
import path from 'node:path';
import type {Duplex} from 'node:stream';
import type {Status} from '../control/messages.js';
import {ZeoctlError} from '../platform/errors.js';
import {notifyVariable, orderVariable, reportVariable} from '../program/environment.js';
import {startProcess} from '../program/start-process.js';
import type {Predecessor} from '../supervisor/report.js';
import type {NotifyChannel} from '../systemd/notify.js';
import type {Invocation} from './invocation.js';

/** A process that is to become the supervisor. */
export type Successor = {
	readonly pid: number;
	/** Each resolves once, or rejects with the reason when the process ends before. */
	readonly standingBy: Promise<void>;
	readonly inPlace: Promise<void>;
	/** Tells it to take over, and what it takes over. */
	go(status: Status): void;
	/** Resolves when it is gone; what it has reported until then has been taken in. */
	kill(): Promise<void>;
};

type SuccessorOptions = {
	readonly invocation: Invocation;
	readonly programArguments: readonly string[];
	/** See `readOrder`. */
	readonly order: string;
	readonly predecessor: Predecessor;
	readonly runDirectory: string;
	/** Of a service of systemd: it is passed on, and so are the outputs, which are the service's. */
	readonly channel: NotifyChannel | undefined;
};

/**
 * Starts the successor of this supervisor as its child, in a session of its own. It inherits nothing but the pipe for
 * its order and its reports, and what belongs to a service of systemd. Rejects where there is no process to be had.
 */
export const startSuccessor = async (options: SuccessorOptions): Promise<Successor> => {
	const {invocation, programArguments, order, predecessor, runDirectory, channel} = options;
	const {command, flags, cwd, environment} = invocation;
	const [file, ...words] = command;
	const orderLine = `${JSON.stringify({...JSON.parse(order), predecessor})}\n`;
	const errors = openErrors(runDirectory);
	const started = await startProcess(file, [...words, ...flags, 'supervise', ...programArguments], {
		cwd,
		detached: true,
		stdio:
			channel === undefined
				? ['ignore', 'ignore', errors.descriptor, 'pipe']
				: ['ignore', 'inherit', 'inherit', 'pipe', ...descriptors(channel)],
		env: {
			...environment,
			[orderVariable]: undefined,
			[reportVariable]: '3',
			...channelVariables(channel),
		},
	});
	if ('failure' in started) {
		errors.close();
		throw failed(started.failure);
	}
	const {child, pid} = started;
	const pipe = child.stdio[3] as Duplex;
	let refusal: string | undefined;
	const standingBy = createMilestone();
	const inPlace = createMilestone();
	const take = ({report, message}: Fields): void => {
		if (report === 'standing-by') standingBy.reach();
		if (report === 'in-place') inPlace.reach();
		if (report === 'refused') refusal = String(message);
	};
	const gone = new Promise<void>(resolve => {
		const end = (how: string): void => {
			const failure = failed(refusal ?? errors.firstLine() ?? how);
			standingBy.miss(failure);
			inPlace.miss(failure);
			errors.close();
			resolve();
		};
		child.once('close', (code, signal) =>
			end(signal === null ? `it ends with exit status ${code}` : `it is terminated by ${signal}`),
		);
	});
	pipe.on('error', () => undefined);
	readLines(pipe, line => take(parseReport(line)));
	pipe.write(orderLine);
	return {
		pid,
		standingBy: standingBy.promise,
		inPlace: inPlace.promise,
		go: status => void pipe.write(`${JSON.stringify({go: status})}\n`),
		async kill() {
			child.kill('SIGKILL');
			await gone;
		},
	};
};

const failed = (why: string): ZeoctlError =>
	new ZeoctlError('RELOAD_FAILED', `the new supervisor does not start: ${why}`);

const descriptors = (channel: NotifyChannel): readonly number[] =>
	channel.by === 'socket' ? [channel.descriptor] : [];

const channelVariables = (
	channel: NotifyChannel | undefined,
): Readonly<Record<string, string | undefined>> =>
	channel?.by === 'tool'
		? {[notifyVariable]: channel.tool, NOTIFY_SOCKET: channel.address}
		: {[notifyVariable]: channel && '4'};

type Fields = {readonly [Name in 'report' | 'message']?: unknown};

/** A newer version may report what this one does not know. */
const parseReport = (line: string): Fields => {
	try {
		const report: Fields | null = JSON.parse(line);
		return report ?? {};
	} catch {
		return {};
	}
};

const createMilestone = () => {
	let reach = (): void => undefined;
	let miss = (_: Error): void => undefined;
	const promise = new Promise<void>((resolve, reject) => {
		reach = resolve;
		miss = reject;
	});
	// Whoever waits for it hears of it; nobody else need.
	promise.catch(() => undefined);
	return {promise, reach: () => reach(), miss: (error: Error) => miss(error)};
};

const readLines = (pipe: Duplex, take: (line: string) => void): void => {
	let rest = '';
	pipe.setEncoding('utf8').on('data', (piece: string) => {
		const lines = (rest + piece).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) take(line);
	});
};

/** What a process that crashes at its start says: a file without a name, which outlives this supervisor. */
const openErrors = (runDirectory: string) => {
	const name = path.join(runDirectory, `successor.${process.pid}`);
	const descriptor = openSync(name, 'a+', 0o600);
	unlinkSync(name);
	return {
		descriptor,
		firstLine(): string | undefined {
			const lines = readFileSync(`/proc/self/fd/${descriptor}`, 'utf8').split('\n');
			return lines.find(line => /^\w*Error\b.*: /.test(line)) ?? lines.find(line => line !== '');
		},
		close: () => closeSync(descriptor),
	};
};
