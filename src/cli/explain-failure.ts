import {userInfo} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {LastExit} from '../control/messages.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import {type ExecutableState, inspectExecutable} from '../program/executable.js';
import {decodeFailure} from '../program/failure.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import {type Advice, adviseOn} from './failure-advice.js';

/** Lines of the program that are repeated. */
const shownLines = 10;

export type FailedStart = {
	readonly settings: Settings;
	/** `zeoctl` for the instance, without an action. */
	readonly command: readonly string[];
	readonly server: ServerSettings | undefined;
	/** Undefined or null when the program has not ended. */
	readonly lastExit: LastExit | null | undefined;
	/** What the program printed last, newest line last. */
	readonly lastOutput: readonly string[];
};

/**
 * Why a start failed, as lines for a person, ready to print: the cause, what a look at the machine adds, the last words
 * of the program, and the next command to type. Never rejects.
 */
export const explainFailure = async ({
	settings,
	command,
	server,
	lastExit,
	lastOutput,
}: FailedStart): Promise<readonly string[]> => {
	const exit = lastExit ?? undefined;
	const failure = decodeFailure({
		exit,
		output: lastOutput,
		server,
		argv: settings.runner.program,
		executable: lookAtProgram(settings),
	});
	const advice = await advise(() =>
		adviseOn(failure, {
			settings,
			command,
			server,
			user: settings.runner.user ?? findOwnUser(),
			isRoot: process.getuid?.() === 0,
			now: Date.now() / 1000,
		}),
	);
	return [
		failure.cause,
		...advice.details.map(detail => `  ${detail}`),
		...renderLastWords(exit, lastOutput),
		...(advice.next === undefined ? [] : [`next: ${advice.next}`]),
	].map(renderForTerminal);
};

/** An explanation that fails must not hide the failure. */
const advise = (look: () => Promise<Advice>): Promise<Advice> =>
	look().catch(() => ({details: [], next: undefined}));

const renderLastWords = (
	exit: LastExit | undefined,
	output: readonly string[],
): readonly string[] => {
	const end = exit === undefined ? '' : ` (${exit.description})`;
	const shown = output.filter(line => line.trim() !== '').slice(-shownLines);
	return shown.length === 0
		? [`the program printed nothing${end}`]
		: [`the last that the program printed${end}:`, ...shown.map(line => `  ${line}`)];
};

const lookAtProgram = ({runner, environment}: Settings): ExecutableState | undefined => {
	const [program = ''] = runner.program;
	if (program.includes('/')) {
		// In the caller's folder, as the supervisor looks for it.
		return inspectExecutable(path.resolve(program));
	}

	const folders = (environment['PATH'] ?? process.env['PATH'] ?? '').split(':');
	return folders
		.map(folder => inspectExecutable(path.join(folder, program)))
		.find(({state}) => state !== 'missing');
};

const findOwnUser = (): string => {
	try {
		return userInfo().username;
	} catch {
		return String(process.getuid?.());
	}
};
