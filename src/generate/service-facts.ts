import type {PackSettings} from '../settings/settings.js';

/** What the files of a service are made from. All paths are absolute; nothing holds a control character. */
export type ServiceFacts = {
	/** Names the files: letters, digits, `-` and `_`. */
	readonly name: string;
	readonly conf: string;
	/** The Node that runs zeoctl, its script, and the launcher that gives it systemd's notification socket. */
	readonly node: string;
	readonly script: string;
	readonly launcher: string;
	/** Whether the launcher finds what can connect that socket; else each message is a process. */
	readonly canConnect: boolean;
	/** Relative paths of the conf count from here. */
	readonly directory: string;
	readonly user: string;
	readonly group: string;
	readonly home: string;
	/** Folders that supervisor and server write to. */
	readonly writable: readonly string[];
	/** The same with those that lie in others. */
	readonly folders: readonly string[];
	/** Files of the databases, and folders of blobs. */
	readonly data: readonly string[];
	/** Confs and keys that supervisor and server read. */
	readonly confs: readonly string[];
	/** Of the control socket. */
	readonly socketFolder: string;
	/** Names the process of the supervisor. */
	readonly pidFile: string;
	readonly stateDirectory: string;
	/** Logs that neither zeoctl nor the server rotates. */
	readonly logs: readonly string[];
	readonly startTimeout: number;
	/** Seconds; 0 waits for ever. */
	readonly stopTimeout: number;
	/** Whether the server listens at an address that the machine may get only after a while. */
	readonly needsAddress: boolean;
	readonly packs: readonly PackSettings[];
	/** The folder that `zeoctl init` has made, if the conf is in one. */
	readonly instance?: string;
	/** Undefined without a `<mail>` section. */
	readonly mailTo: readonly string[] | undefined;
	/** Whether a program of the machine sends the mail, which may need rights that a sandbox takes away. */
	readonly hasSendmail: boolean;
};
