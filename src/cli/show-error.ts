import {type ErrorCode, errorMessage, isZeoctlError, type ZeoctlError} from '../platform/errors.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {isConfigurationError} from '../settings/configuration-error.js';
import {renderForJournal} from '../systemd/journal.js';
import {isJournal} from '../systemd/service-environment.js';
import {renderProblem} from '../zconfig/errors.js';
import {exitCode} from './exit-codes.js';
import {renderJson} from './output.js';
import {sameCommandAs} from './same-command.js';
import type {System} from './system.js';

/** Shows a refusal or a failure and gives the exit status that belongs to it. */
export const showError = (system: System, error: unknown, json: boolean): number => {
	const description = describe(system, error);
	const isTold = json && tryTo(() => system.stdout.write(renderJson({error: description})));
	if (!isTold)
		tryTo(() => writeError(system, renderError(system, description, otherProblems(system, error))));
	return exitCodeOf(description.code);
};

/** Where there is nowhere to say it, the exit status has to do. */
const tryTo = (write: () => void): boolean => {
	try {
		write();
		return true;
	} catch {
		return false;
	}
};

/** In the journal it is an error, too. */
const writeError = ({environment, stderr}: System, text: string): boolean =>
	stderr.write(isJournal(environment, 2) ? renderForJournal(40, text) : text);

/** Scripts get the first mistake alone, as ZConfig has it; a person gets all of them. */
const otherProblems = ({stderr}: System, error: unknown): readonly string[] =>
	stderr.isTerminal && isConfigurationError(error)
		? error.problems.slice(1).map(problem => `Error: ${renderProblem(problem)}`)
		: [];

/** The exit status of a command that failed with this error. */
export const exitCodeOf = (code: ErrorCode): number => {
	switch (code) {
		case 'USAGE':
		case 'CONFIGURATION':
			return exitCode('usage');
		case 'PERMISSION':
		case 'SOCKET_UNUSABLE':
		case 'SUPERVISOR_HUNG':
		case 'PROTOCOL':
			return exitCode('unknown');
		default:
			return exitCode('failed');
	}
};

/** The parts of an error that are shown. */
export type Description = {
	readonly code: ErrorCode;
	readonly message: string;
	readonly hint: string | null;
};

/** An error as `--json` shows it. */
export const describe = (system: System, error: unknown): Description => {
	if (!isZeoctlError(error)) return {code: 'INTERNAL', message: internal(error), hint: null};
	const {code, message, hint} = error;
	return {
		...{code, message},
		hint: withSameCommand(system, error) ?? (hint === undefined ? null : asTyped(system, hint)),
	};
};

/** What a hint calls `zeoctl`, which may lead elsewhere or nowhere, is this very program. */
const asTyped = (system: System, hint: string): string =>
	hint.startsWith('zeoctl ') ? renderShellCommand(system.ownName()) + hint.slice(6) : hint;

/** Root has become the user of an instance only where that one is named. */
const withSameCommand = (
	system: System,
	{hint, asUser}: Pick<ZeoctlError, 'hint' | 'asUser'>,
): string | undefined =>
	asUser === undefined || (system.calledBy === 0 && system.identity.geteuid() !== 0)
		? undefined
		: [sameCommandAs(asUser, system), ...(hint === undefined ? [] : [hint])].join('; or ');

const internal = (error: unknown): string =>
	error instanceof Error && error.stack ? error.stack : errorMessage(error);

/** Usage errors are two lines, as zdaemon has them; a hint is for people, and never part of those two. */
export const renderError = (
	system: System,
	{code, message, hint}: Description,
	others: readonly string[] = [],
): string => {
	const lines = [`Error: ${message}`, ...others];
	const isUsage = code === 'USAGE' || code === 'CONFIGURATION';
	if (isUsage) lines.push(`For help, use ${system.programName} -h`);
	if (hint !== null && (!isUsage || system.stderr.isTerminal)) lines.push(`next: ${hint}`);
	return `${lines.join('\n')}\n`;
};
