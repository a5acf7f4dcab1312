import {main} from '../../src/cli/main.js';
import {registry} from '../../src/cli/registry.js';
import type {SupervisorStart, System} from '../../src/cli/system.js';
import type {Reply, Request, Status} from '../../src/control/messages.js';
import type {Contact, Session} from '../../src/control/session.js';
import {renderForTerminal} from '../../src/platform/terminal-text.js';
import {loadSettings} from '../../src/settings/load.js';
import type {LaunchReport} from '../../src/supervisor/report.js';
import {type FakeClock, fakeClock, settle} from './fake-clock.js';
import {type Feed, feed, runningStatus} from './statuses.js';

// Fake time would pass while a command is being loaded.
await Promise.all(registry.names().map(registry.find));

/** A world in which a command can be run without touching the real one. What happens is recorded. */
export type FakeSystem = System & {
	readonly clock: FakeClock;
	readonly written: {stdout: string; stderr: string};
	/** Signals sent, identities taken, requests made, in order. */
	readonly deeds: string[];
	interrupt(): void;
	/** Nobody reads the output any more. */
	leave(): void;
};

export type Scene = {
	readonly contact?: Contact | (() => Contact) | Error;
	readonly reports?: AsyncIterable<LaunchReport>;
	readonly terminal?: boolean;
	readonly euid?: number;
	readonly cwd?: string;
	readonly environment?: Record<string, string>;
	readonly kill?: (pid: number, signal: number) => void;
	readonly resolveServer?: System['resolveServer'];
	readonly unitOfProcess?: System['unitOfProcess'];
	/** The installed service, whatever the conf. */
	readonly ownUnit?: string;
	readonly runTool?: System['runTool'];
};

const sleeper = ['-p', 'sleep 100'];

export const fakeSystem = (words: readonly string[], scene: Scene = {}): FakeSystem => {
	const written = {stdout: '', stderr: ''};
	const deeds: string[] = [];
	const interruptions = new Set<() => void>();
	const departures = new Set<() => void>();
	const {terminal = false, euid = 1000, cwd = '/nowhere', environment = {}} = scene;
	const sink = (name: 'stdout' | 'stderr') => ({
		isTerminal: terminal,
		write: (text: string | Uint8Array) => {
			written[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
			return true;
		},
	});
	return {
		programName: '/usr/bin/zeoctl',
		ownName: () => ['zeoctl'],
		argv: words,
		environment,
		cwd,
		pid: 4711,
		calledBy: euid,
		version: '1.2.3',
		stdout: sink('stdout'),
		stderr: sink('stderr'),
		surroundings: {
			isDirectory: path => path === '/srv' || path === '/srv/zeo',
			exists: () => false,
			homeOf: () => '/home/zope',
		},
		clock: fakeClock(),
		identity: {
			geteuid: () => euid,
			initgroups: (user, group) => deeds.push(`initgroups ${user} ${group}`),
			setgid: group => deeds.push(`setgid ${group}`),
			setuid: user => deeds.push(`setuid ${user}`),
		},
		onInterrupt(listener) {
			interruptions.add(listener);
			return () => interruptions.delete(listener);
		},
		onReaderGone(listener) {
			departures.add(listener);
			return () => departures.delete(listener);
		},
		onEnd(listener) {
			const interrupt = () => listener('SIGINT');
			interruptions.add(interrupt);
			return () => interruptions.delete(interrupt);
		},
		kill: scene.kill ?? ((pid, signal) => deeds.push(`kill ${pid} ${signal}`)),
		loadSettings,
		resolveServer: scene.resolveServer ?? (() => undefined),
		findProgramServer: () => undefined,
		sources: () => [],
		unitOfProcess: scene.unitOfProcess ?? (() => undefined),
		findOwnUnit: () => scene.ownUnit,
		async runTool(words) {
			deeds.push(words.join(' '));
			return scene.runTool?.(words) ?? {exitCode: 0, stdout: '', stderr: ''};
		},
		explainFailure: async ({lastExit, lastOutput}) => [
			lastExit?.description ?? 'not ready',
			...lastOutput.map(line => `  ${renderForTerminal(line)}`),
		],
		async connect({socketPath, speaksJson}) {
			deeds.push(`connect ${socketPath}${speaksJson ? ', JSON' : ''}`);
			const {contact = {contact: 'absent'}} = scene;
			if (contact instanceof Error) throw contact;
			return typeof contact === 'function' ? contact() : contact;
		},
		launchNone: async () => undefined,
		async *launch(start: SupervisorStart) {
			deeds.push(`launch ${JSON.stringify([start.flags, start.order.programArguments])}`);
			yield* scene.reports ?? [];
		},
		written,
		deeds,
		interrupt: () => {
			for (const listener of interruptions) listener();
		},
		leave: () => {
			for (const listener of departures) listener();
		},
	};
};

export type FakeSession = Session & {
	readonly asked: Request[];
	readonly feed: Feed<Status>;
	readonly isClosed: () => boolean;
};

/** A supervisor that answers as it is told; its statuses are fed by the test. */
export const fakeSession = (
	status: Status = runningStatus(),
	reply: Reply = {reply: 'started'},
): FakeSession => {
	const asked: Request[] = [];
	const statuses = feed<Status>();
	let closed = false;
	return {
		protocol: 'json',
		status: async () => status,
		ask: async request => {
			asked.push(request);
			return reply;
		},
		statuses: () => statuses,
		close: () => {
			closed = true;
		},
		asked,
		feed: statuses,
		isClosed: () => closed,
	};
};

/** How a command ended and what it printed. */
export type Ended = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Runs `zeoctl -p 'sleep 100' WORDS` to its end. */
export const run = async (words: readonly string[], scene: Scene = {}): Promise<Ended> =>
	start(words, scene).ended;

/** Starts the same and leaves it at its first wait. */
export const start = (
	words: readonly string[],
	scene: Scene = {},
): {readonly system: FakeSystem; readonly ended: Promise<Ended>} => {
	const system = fakeSystem([...sleeper, ...words], scene);
	const ended = main(system).then(code => ({code, ...system.written}));
	return {system, ended};
};

/** The contact with a session. */
export const reached = (session: Session): Contact => ({contact: 'session', session});

export {settle};
