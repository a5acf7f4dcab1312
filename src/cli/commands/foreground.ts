import {type ChildProcess, spawn} from 'node:child_process';
import {constants} from 'node:os';
import path from 'node:path';
import {isatty} from 'node:tty';
import {errorMessage, isZeoctlError, systemErrorCode, ZeoctlError} from '../../platform/errors.js';
import {programEnvironment} from '../../program/environment.js';
import {inspectExecutable} from '../../program/executable.js';
import {explainExecutable} from '../../program/failure-execution.js';
import {locateProgram} from '../../program/locate.js';
import type {InstanceCommand} from '../command.js';
import {exitCode} from '../exit-codes.js';
import {showError} from '../show-error.js';

export const foreground: InstanceCommand = {
	name: 'foreground',
	aliases: ['fg'],
	summary: 'run the program here and now, without a supervisor',
	usage: '[ARGUMENT ...]',
	options: [['ARGUMENT ...', 'words that are appended to the configured program']],
	exitCodes: ['ok', 'failed', 'usage', 'notExecutable'],
	notes: [
		'The exit status is that of the program, or 128 and the number of the signal that ended it.',
		'It gets the terminal, the present folder and the environment of the configuration; directory, umask and transcript do not apply.',
	],
	scope: 'instance',
	json: 'never',
	makesFolders: true,
	async run(context) {
		const {settings, action, instance, system} = context;
		const reached = await instance.reach();
		const isUp =
			reached.contact === 'session' ? reached.status.pid !== null : reached.program !== undefined;
		if (isUp) {
			system.stdout.write('To run the program in the foreground, please stop it first.\n');
			return exitCode('failed');
		}
		instance.close();
		const words = [...settings.runner.program, ...action.programArguments];
		system.stdout.write(`${words.join(' ')}\n`);
		try {
			return await runHere(words, programEnvironment(instance.environment, settings.environment));
		} catch (error) {
			if (!isZeoctlError(error) || error.code !== 'PROGRAM_UNUSABLE') throw error;
			showError(system, error, false);
			return exitCode('notExecutable');
		}
	},
};

/** Runs a command with the caller's own stdio until it ends; the exit status that a shell would give it. */
const runHere = async (
	[program, ...rest]: readonly string[],
	environment: Record<string, string>,
): Promise<number> => {
	if (program === undefined)
		throw new ZeoctlError(
			'CONFIGURATION',
			'cannot run the program: the configured command is empty',
		);
	let child: ChildProcess | undefined;
	// From before there is a program, so that no signal ends us alone.
	const stopForwarding = forwardSignals(signal => child?.kill(signal));
	try {
		child = spawn(program, rest, {stdio: 'inherit', env: environment});
		return await endOf(child);
	} catch (error) {
		// A folder of PATH that may not be entered makes "permission denied" of what is nowhere.
		if (!program.includes('/') && systemErrorCode(error) === 'EACCES')
			locateProgram(program, environment['PATH'], process.cwd());
		throw new ZeoctlError(
			'PROGRAM_UNUSABLE',
			`cannot run '${program}': ${whyNot(program, error)}`,
			{cause: error, ...remedyOf(program)},
		);
	} finally {
		stopForwarding();
	}
};

/** The exit status of a child, as a shell gives it. */
const endOf = (child: ChildProcess): Promise<number> =>
	new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) =>
			resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
		);
	});

/**
 * Hands signals on to the program. What a terminal sends (Ctrl-C) reaches the whole foreground group, the program
 * included: it must not get it twice.
 */
const forwardSignals = (forward: (signal: NodeJS.Signals) => void): (() => void) => {
	const always = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
	const fromTerminal = ['SIGINT', 'SIGQUIT'] as const;
	const leave = (signal: NodeJS.Signals): void => (isatty(0) ? undefined : forward(signal));
	for (const signal of always) process.on(signal, forward);
	for (const signal of fromTerminal) process.on(signal, leave);
	return () => {
		for (const signal of always) process.off(signal, forward);
		for (const signal of fromTerminal) process.off(signal, leave);
	};
};

const remedyOf = (program: string): {readonly hint?: string} => {
	if (!program.includes('/')) return {};
	const file = path.resolve(program);
	const {hint} = explainExecutable(file, inspectExecutable(file)) ?? {};
	return hint === undefined ? {} : {hint};
};

const whyNot = (program: string, error: unknown): string => {
	const found = program.includes('/') ? inspectExecutable(program) : undefined;
	if (found && 'interpreter' in found)
		return `its interpreter '${found.interpreter}' is not there, or may not be executed`;
	switch (systemErrorCode(error)) {
		case 'ENOENT':
			return 'no such program';
		case 'EACCES':
			return 'permission denied';
		default:
			return errorMessage(error);
	}
};
