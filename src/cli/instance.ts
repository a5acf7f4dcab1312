import path from 'node:path';
import type {Status} from '../control/messages.js';
import type {Session} from '../control/session.js';
import {readSnapshot, runDirectoryOf} from '../control/snapshot.js';
import {findRecordedProgram, type ProgramRecord} from '../program/program-record.js';
import type {Settings} from '../settings/settings.js';
import {againIfGone} from './again-if-gone.js';
import type {System} from './system.js';

/** What is known of the supervisor of an instance. */
export type Seen =
	| {
			readonly contact: 'session';
			readonly protocol: Session['protocol'];
			readonly status: Status;
			/** Whether the supervisor runs another program than the configured one. */
			readonly differs: boolean;
	  }
	| Nobody;

/** No supervisor answers; its program may have outlived it. */
export type Nobody = {
	readonly contact: 'absent' | 'stale';
	readonly program?: ProgramRecord;
	/** Somebody else, or who cannot be told from somebody else, has the lock of the program. */
	readonly stranger?: {readonly reason: string; readonly hint: string};
};

/** Who answers at the control socket of an instance. */
export type Reached = (Extract<Seen, {contact: 'session'}> & {readonly session: Session}) | Nobody;

/** One configured instance, as seen by a command about it. */
export type Instance = {
	/** Absolute path of the control socket. */
	readonly socketPath: string;
	/** The caller's environment with `<environment>` and, after a change of user, that user's HOME. */
	readonly environment: NodeJS.ProcessEnv;
	/** The same without `<environment>`. */
	readonly plainEnvironment: NodeJS.ProcessEnv;
	/**
	 * Connects and asks for the status. Nobody there is a value; a socket that cannot be used is an error. The
	 * session stays open until `close`.
	 */
	reach(): Promise<Reached>;
	/** As `reach`, with the status of the snapshot where that shows a running program: the first request needs no other before it. */
	reachRunning(): Promise<Reached>;
	/** What the supervisor has left in its snapshot, if that is still true; else as `reach`. */
	look(): Promise<Seen>;
	/** As `look`, with the transcript as the supervisor sees it now; where the program writes it itself, it tries whether it can. */
	lookClosely(): Promise<Seen>;
	close(): void;
};

/** The instance that settings describe. `warn` is called with both programs when they differ. */
export const openInstance = (options: {
	readonly system: System;
	readonly settings: Settings;
	/** Without `<environment>`. */
	readonly environment: NodeJS.ProcessEnv;
	readonly warn: (ours: readonly string[], theirs: readonly string[]) => void;
}): Instance => {
	const {system, settings, environment: plainEnvironment, warn} = options;
	const environment = {...plainEnvironment, ...settings.environment};
	const socketPath = path.resolve(system.cwd, settings.runner.socketName);
	const sessions: Session[] = [];

	const reachOnce = async (known?: Status): Promise<Reached> => {
		const contact = await system.connect({
			socketPath,
			asker: asker(system),
			// Whoever left the snapshot does.
			speaksJson: known !== undefined,
		});
		if (contact.contact !== 'session') {
			const program = findRecordedProgram(runDirectoryOf(socketPath));
			return {...contact, ...(program && {program})};
		}
		const {session} = contact;
		sessions.push(session);
		const status = known ?? (await session.status());
		return {contact: 'session', session, ...seen(status, session.protocol)};
	};
	const reach = (): Promise<Reached> => againIfGone(() => reachOnce());
	const reachRunning = (): Promise<Reached> => {
		const status = readSnapshot(socketPath);
		return status?.state === 'running' ? reachOnce(status) : reach();
	};
	const look = async (): Promise<Seen> => {
		const status = readSnapshot(socketPath);
		return status === undefined ? reach() : {contact: 'session', ...seen(status, 'json')};
	};
	const lookClosely = async (): Promise<Seen> => {
		const found = await look();
		if (found.contact !== 'session' || found.status.transcript === null) return found;
		const status = await askFresh(found.protocol).catch(() => undefined);
		return status === undefined ? found : {...found, status};
	};
	/** Undefined where nobody answers in time: what is known without asking is an answer, too. */
	const askFresh = async (protocol: Session['protocol']): Promise<Status | undefined> => {
		const contact = await system.connect({
			...{socketPath, asker: asker(system), timeoutMs: freshMs},
			speaksJson: protocol === 'json',
		});
		if (contact.contact !== 'session') return undefined;
		sessions.push(contact.session);
		const reply = await contact.session.ask({request: 'status', fresh: true});
		return reply.reply === 'status' ? reply.status : undefined;
	};
	const seen = (status: Status, protocol: Session['protocol']) => {
		const differs = !startsWith(status.argv, settings.runner.program);
		if (differs) warn(settings.runner.program, status.argv);
		return {protocol, status, differs};
	};
	const close = (): void => {
		for (const session of sessions) session.close();
	};
	const place = {socketPath, environment, plainEnvironment};
	return {...place, reach, reachRunning, look, lookClosely, close};
};

/** Milliseconds; a supervisor that tries something takes two seconds at most. */
const freshMs = 4000;

/** zdaemon compares the configured words only: words after `start` are no difference. */
const startsWith = (words: readonly string[], beginning: readonly string[]): boolean =>
	beginning.every((word, index) => words[index] === word);

const asker = (system: System) => {
	const user = system.environment['LOGNAME'] ?? system.environment['USER'];
	return {
		client: `zeoctl ${system.version}`,
		pid: system.pid,
		...(user !== undefined && {user}),
	};
};
