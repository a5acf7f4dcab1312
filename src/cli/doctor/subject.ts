import type {ServerUser} from '../../guard/place-facts.js';
import type {CheckReport} from '../../settings/check.js';
import type {ServerSettings, Settings} from '../../settings/settings.js';
import type {Seen} from '../instance.js';
import type {System} from '../system.js';
import type {DatabaseLook} from './databases.js';
import type {PythonFacts} from './python-facts.js';
import type {ServiceLook} from './service-look.js';

/** What is examined: an instance on its machine. What is costly is looked at once, when the first check asks. */
export type Subject = {
	readonly system: System;
	/** Unix seconds. */
	readonly now: number;
	/** Whether root asks, who by now may be the user of the instance. */
	readonly isRoot: boolean;
	/** Where the files of the machine are: `/etc`. */
	readonly etc: string;
	/** What reading the conf came to; or why it cannot be read at all. */
	readonly report: CheckReport | {readonly unreadable: string; readonly hint: string | undefined};
	/** From what can be read of the conf; undefined where that is not enough. */
	readonly configured: Configured | undefined;
	/** A command of zeoctl about this instance, ready for a shell. */
	zeoctl(...words: readonly string[]): string;
	/** A command that only root may give, ready for the shell of whoever asks. */
	asRoot(...words: readonly string[]): string;
	/** A command that the owner of a file may give, too. */
	asOwner(file: string, ...words: readonly string[]): string;
	/** As `asRoot`, for a command of zeoctl about this instance. */
	zeoctlAsRoot(...words: readonly string[]): string;
};

/** Who runs the program. */
export type RunUser = {
	/** Undefined: nobody on this machine has the name. */
	readonly account: ServerUser | undefined;
	/** As the conf has it, else by its name. */
	readonly named: string | undefined;
	/** Whether this process has its rights, so that it sees what the program will see. */
	readonly isSelf: boolean;
};

/** How the supervisor was reached, or why it cannot be asked. */
export type Contact =
	| Seen
	| {readonly contact: 'unusable'; readonly reason: string; readonly hint: string | undefined};

export type Configured = {
	readonly settings: Settings;
	readonly server: ServerSettings | undefined;
	readonly user: RunUser;
	/** Relative paths of the server count from here. */
	readonly directory: string;
	readonly socketPath: string;
	readonly runDirectory: string;
	readonly stateDirectory: string;
	/** With `<environment>`. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	contact(): Promise<Contact>;
	/** Of the Python that runs the program; undefined where that is none. */
	python(): Promise<PythonFacts | undefined>;
	databases(): Promise<readonly DatabaseLook[]>;
	service(): Promise<ServiceLook>;
};

export type ConfiguredSubject = Subject & Configured;

export type ServedSubject = ConfiguredSubject & {readonly server: ServerSettings};
