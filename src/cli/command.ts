import type {Settings} from '../settings/settings.js';
import type {Action} from './action.js';
import type {CommandLine} from './arguments.js';
import type {ExitCodeName} from './exit-codes.js';
import type {Instance} from './instance.js';
import type {System} from './system.js';

/** All commands, for those that tell about the others. */
export type Commands = {
	/** Every word that is an action. */
	names(): readonly string[];
	/** The command that an action names, or undefined. */
	find(name: string): Promise<Command | undefined>;
};

/** What a command that needs no configuration gets. */
export type Context = {
	readonly system: System;
	readonly commandLine: CommandLine;
	/** The action and what follows it, `--json` taken out. */
	readonly action: Action;
	readonly json: boolean;
	readonly commands: Commands;
};

/** What is known before root becomes the user of an instance. */
export type SettledContext = Context & {
	readonly settings: Settings;
	/** The service of systemd that is installed for the conf, where the command asks for it. */
	readonly unit?: string;
};

/** What a command about a configured instance gets. */
export type InstanceContext = SettledContext & {readonly instance: Instance};

/** The texts of a command, in the order in which help prints them. */
export type CommandHelp = {
	readonly name: string;
	readonly aliases?: readonly string[];
	/** One line for the list of commands, also the purpose in its help. */
	readonly summary: string;
	/** What may follow the action, such as `[-l] [--json]`. */
	readonly usage: string;
	readonly options?: readonly (readonly [option: string, text: string])[];
	readonly exitCodes: readonly ExitCodeName[];
	readonly notes?: readonly string[];
	/**
	 * Where `--json` may stand after the action: anywhere, unless said otherwise. Words after `start` belong to the
	 * program, so there it is ours only if it comes first.
	 */
	readonly json?: 'first' | 'never';
	/** What becomes of other words than the options, where the command takes none; otherwise it judges its words itself. */
	readonly otherWords?: 'refused' | 'ignored';
};

/** A verb that needs no configuration. `run` resolves to the exit status. */
export type PlainCommand = CommandHelp & {
	readonly scope: 'none';
	run(context: Context): Promise<number>;
};

/** A verb about a configured instance. It runs as the instance's user where root called it. */
export type InstanceCommand = CommandHelp & {
	readonly scope: 'instance';
	/** The missing folders of the instance are made first. */
	readonly makesFolders?: boolean;
	/** Files and folders that the conf names need not exist. */
	readonly acceptsMissing?: boolean;
	/** It only reads: users other than the instance's may run it too. */
	readonly forAnyone?: boolean;
	/**
	 * Does what is systemd's where a unit is installed for the conf, before root becomes the user. Resolves to the exit
	 * status, or to undefined where `run` shall go on.
	 */
	readonly throughUnit?: (context: SettledContext, unit: string) => Promise<number | undefined>;
	run(context: InstanceContext): Promise<number>;
};

export type Command = PlainCommand | InstanceCommand;
