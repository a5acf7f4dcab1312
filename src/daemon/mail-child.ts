import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import type {Status} from '../control/messages.js';
import {callEnvironment} from '../program/environment.js';
import {startProcess} from '../program/start-process.js';
import type {Invocation} from './invocation.js';

/** Seconds after news, so that what happens together is told together. */
const newsDelay = 10;
/** Seconds between two looks at the outbox. */
const lookInterval = 300;
/** At least so often the reports are looked after, for what nobody noticed: in seconds. */
const longestSilence = 86_400;
const startDelay = 60;

export type MailWatch = {
	/** Calls back with every status, as the supervisor does. */
	watch(listener: (status: Status) => void): () => void;
	/** Calls back after `ms`; the returned function cancels. */
	after(ms: number, callback: () => void): () => void;
	monotonicMs(): number;
	hasWaiting(): boolean;
	/** Starts the child; resolves when it has ended, never rejects. */
	run(): Promise<void>;
};

/**
 * Decides when somebody should look after reports and mail: soon after the server has crashed or hung, while messages
 * wait, and once a day. Never two at a time. `close` hands over what is still to be told.
 */
export const watchMail = ({
	watch,
	after,
	monotonicMs,
	hasWaiting,
	run,
}: MailWatch): {close(): void} => {
	let hasNews = false;
	let isRunning = false;
	let isClosed = false;
	let lastRun = -longestSilence * 1000;
	let cancel: () => void = () => undefined;
	const arm = (seconds: number): void => {
		cancel();
		if (!isClosed) cancel = after(seconds * 1000, look);
	};
	const look = (): void => {
		const isSilent = monotonicMs() - lastRun >= longestSilence * 1000;
		if (!isRunning && (hasNews || isSilent || hasWaiting())) start();
		else arm(lookInterval);
	};
	const start = (): void => {
		hasNews = false;
		isRunning = true;
		lastRun = monotonicMs();
		void run().then(() => {
			isRunning = false;
			arm(hasNews ? newsDelay : lookInterval);
		});
	};
	const isNews = createNewsDetector();
	const unwatch = watch(status => {
		if (!isNews(status) || hasNews) return;
		hasNews = true;
		if (!isRunning) arm(newsDelay);
	});
	arm(startDelay);
	return {
		close() {
			unwatch();
			cancel();
			isClosed = true;
			if (hasNews) void run();
		},
	};
};

/** Whether a status tells of something for the first time: an unasked end, a server that does not answer, a lost file. */
const createNewsDetector = (): ((status: Status) => boolean) => {
	let known = '';
	return ({lastExit, health}) => {
		const end = lastExit === null || lastExit.expected ? null : lastExit.at;
		const hang = health?.verdict === 'failed' ? health.since : null;
		const lost = health?.alarms.find(
			({alarm}) => alarm === 'deleted-file' || alarm === 'moved-file',
		);
		const news = JSON.stringify([end, hang, health?.lastRestart?.at ?? null, lost?.since ?? null]);
		const isNew = news !== known && news !== nothing;
		known = news;
		return isNew;
	};
};

const nothing = '[null,null,null,null]';

/** Whether messages wait in the outbox of a state directory, one that a dead process was sending too. */
export const hasWaitingMail = (stateDirectory: string): boolean =>
	[[], ['sending']].some(folder =>
		namesIn(path.join(stateDirectory, 'outbox', ...folder)).some(name => name.includes('.json')),
	);

const namesIn = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
};

/** Starts `zeoctl mail flush --due` as a process that may outlive us; never rejects. What it does is in the history. */
export const runMailChild = async (
	{command: [file, ...words], flags, cwd, environment}: Invocation,
	warn: (text: string) => void,
): Promise<void> => {
	const started = await startProcess(file, [...words, ...flags, 'mail', 'flush', '--due'], {
		cwd,
		env: callEnvironment(environment),
		detached: true,
		stdio: 'ignore',
	});
	if ('failure' in started) return warn(`cannot start the delivery of mail: ${started.failure}`);
	started.child.unref();
	await once(started.child, 'exit');
};
