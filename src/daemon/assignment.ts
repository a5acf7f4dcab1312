import path from 'node:path';
import {runDirectoryOf} from '../control/snapshot.js';
import {ZeoctlError} from '../platform/errors.js';
import {programEnvironment} from '../program/environment.js';
import {locateProgram} from '../program/locate.js';
import {explainOrigin} from '../settings/explain.js';
import {ownCommand} from '../settings/own-command.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import {type Invocation, planInvocation} from './invocation.js';
import {type Place, planPlace} from './mode.js';
import type {SupervisorOptions} from './supervisor-options.js';

/** What a supervisor has to do, and where: decided before anything is taken or touched, every path absolute. */
export type Assignment = Omit<SupervisorOptions, 'server'> & {
	/** The program's executable. */
	readonly file: string;
	/** The words of the program, with those that were typed behind the action. */
	readonly argv: readonly string[];
	readonly programEnvironment: Readonly<Record<string, string>>;
	readonly place: Place;
	/** As it was loaded. */
	readonly loadedServer: SupervisorOptions['server'];
	/** Undefined of a program that is no ZEO server, or whose conf cannot be read. */
	readonly server: ServerSettings | undefined;
	readonly socketPath: string;
	readonly runDirectory: string;
	readonly stateDirectory: string;
	/** Undefined where zeoctl cannot be called again. */
	readonly invocation: Invocation | undefined;
	/** `zeoctl` for the instance, without an action, for advice. */
	readonly ownCommand: readonly string[];
};

/** Throws PROGRAM_UNUSABLE where there is nothing that could be executed. */
export const planAssignment = (options: SupervisorOptions): Assignment => {
	const {settings, server, cwd, mode, environment, command, reading} = options;
	const {runner} = settings;
	const argv = [...runner.program, ...options.programArguments];
	const socketPath = path.resolve(cwd, runner.socketName);
	const runDirectory = runDirectoryOf(socketPath);
	return {
		...options,
		file: locateProgram(argv[0] ?? refuseEmpty(settings), environment['PATH'], cwd),
		argv,
		programEnvironment: programEnvironment(environment, settings.environment),
		place: planPlace(runner, mode, cwd),
		loadedServer: server,
		server: server === 'unreadable' ? undefined : server,
		socketPath,
		runDirectory,
		stateDirectory: stateDirectoryOf(settings, {runDirectory, cwd}),
		invocation: command && reading && planInvocation(command, reading, {cwd, environment}),
		ownCommand: ownCommand(settings.configFile, {flags: reading?.flags, cwd}),
	};
};

const refuseEmpty = ({origins}: Settings): never => {
	const place = explainOrigin(origins['program'] ?? {from: 'default'});
	throw new ZeoctlError('PROGRAM_UNUSABLE', `no program specified: 'program' is empty (${place})`, {
		hint: "write the command of the server behind 'program'",
	});
};
