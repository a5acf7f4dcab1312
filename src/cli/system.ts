import type {ConnectOptions, Contact} from '../control/session.js';
import type {Surroundings} from '../schema/datatypes.js';
import type {Overrides, ServerSettings, Settings} from '../settings/settings.js';
import type {Source} from '../settings/source.js';
import type {LaunchOrder, LaunchReport} from '../supervisor/report.js';
import type {Identity} from './drop-privileges.js';
import type {FailedStart} from './explain-failure.js';
import type {ToolResult} from './run-tool.js';

/** Where text goes. Nothing is buffered: when `write` returns, the text has left. */
export type Sink = {
	readonly isTerminal: boolean;
	/** False when nobody reads any more: further words are wasted. */
	write(text: string | Uint8Array): boolean;
};

/** The only time a command knows. */
export type Clock = {
	/** Unix milliseconds. */
	now(): number;
	/** Calls back once after so many milliseconds; the returned function cancels. */
	after(delayMs: number, callback: () => void): () => void;
};

/** What a supervisor is started with. */
export type SupervisorStart = {
	readonly order: LaunchOrder;
	/** The words before the action, as they were typed. */
	readonly flags: readonly string[];
	/** Without the conf's, which is part of the order. */
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Everything outside of the process that a command touches, so that tests can take its place. */
export type System = {
	/** The name under which the command was called, for `For help, use ...`. */
	readonly programName: string;
	/** The words by which a person calls this program from anywhere, for what is proposed; looked for at each call. */
	ownName(): readonly string[];
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly pid: number;
	/** The effective user that this command was called by, whoever it has become since. */
	readonly calledBy: number;
	readonly version: string;
	readonly stdout: Sink;
	readonly stderr: Sink;
	/** What the values of flags are checked against. */
	readonly surroundings: Surroundings;
	readonly clock: Clock;
	readonly identity: Identity;
	/** Calls back on Ctrl-C instead of dying of it, until the returned function is called. */
	onInterrupt(listener: () => void): () => void;
	/** Calls back when nobody reads our output any more, if it is a pipe, until the returned function is called. */
	onReaderGone(listener: () => void): () => void;
	/** Calls back on a signal that asks to end (SIGINT, SIGTERM, SIGHUP) instead of dying of it, as above. */
	onEnd(listener: (signal: string) => void): () => void;
	/** Sends a signal by its number, as kill(2). */
	kill(pid: number, signal: number): void;
	loadSettings(options: {
		readonly overrides: Overrides;
		readonly environment: Readonly<Record<string, string | undefined>>;
		readonly cwd: string;
		readonly acceptsMissing?: boolean;
	}): Settings;
	/**
	 * The server behind the instance, for people: of the program's own conf, else of the sections of our file. With
	 * `acceptsMissing` as it was started, although folders have gone since.
	 */
	resolveServer(
		settings: Settings,
		options?: {readonly acceptsMissing?: boolean},
	): ServerSettings | undefined;
	/** The server that the program is, or that it is one whose conf is unreadable; undefined for any other program. */
	findProgramServer(settings: Settings): ServerSettings | 'unreadable' | undefined;
	/** The files that settings and server were read from, by this process. */
	sources(): readonly Source[];
	/** The service of systemd that a process runs for. */
	unitOfProcess(pid: number): string | undefined;
	/** The service of systemd that is installed for a conf. */
	findOwnUnit(configFile: string | undefined): string | undefined;
	/** Runs a program of the system, such as systemctl, to its end. */
	runTool(words: readonly string[]): Promise<ToolResult>;
	connect(options: ConnectOptions): Promise<Contact>;
	/** Why a start failed, as lines ready to print, the cause first. */
	explainFailure(failure: FailedStart): Promise<readonly string[]>;
	/** Starts a supervisor in the background; its reports end when the program is ready or it has left. */
	launch(start: SupervisorStart): AsyncIterable<LaunchReport>;
	/** No supervisor will be started: one that was prepared is ended. */
	launchNone(): Promise<void>;
};
