import type {LastExit} from '../control/messages.js';
import type {NetworkAddress, ServerSettings} from '../settings/settings.js';
import type {ExecutableState} from './executable.js';

/** What kind of thing prevents the start. */
type FailureKind =
	| 'address-in-use'
	| 'address-not-local'
	| 'address-unknown'
	| 'address-forbidden'
	| 'lock-held'
	| 'data-unreadable'
	| 'unknown-key'
	| 'configuration'
	| 'usage'
	| 'missing-folder'
	| 'missing-file'
	| 'permission'
	| 'disk-full'
	| 'disk-trouble'
	| 'resources'
	| 'tls'
	| 'missing-module'
	| 'exception'
	| 'not-executable'
	| 'killed'
	| 'signal'
	| 'exit'
	| 'not-ready';

/** What the failure is about, as far as the program told. Paths are as it printed them. */
export type FailureSubject = {
	readonly address?: NetworkAddress;
	readonly path?: string;
	/** The place in a conf. */
	readonly place?: {readonly file: string; readonly line: number};
	readonly key?: string;
	readonly module?: string;
};

/** Why a start failed. */
export type Failure = {
	readonly kind: FailureKind;
	/** One line in our words; may repeat text of the program, so it is escaped where it is shown. */
	readonly cause: string;
	readonly subject: FailureSubject;
	/** What to do or type next, where that is known without a look at the machine. */
	readonly hint: string | undefined;
};

export type FailureEvidence = {
	/** Undefined when the program has not ended. */
	readonly exit: LastExit | undefined;
	/** The last lines that it printed. */
	readonly output: readonly string[];
	readonly server?: ServerSettings | undefined;
	readonly argv: readonly string[];
	/** What was found at `argv[0]`, where somebody looked. */
	readonly executable?: ExecutableState | undefined;
};

/** How the end of a start is described that was not tried, because nobody knows which databases it is about. */
export const unusableConfiguration =
	'the configuration of the server has changed since it was loaded';
