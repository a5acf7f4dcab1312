import path from 'node:path';
import {renderShellCommand, renderShellWord} from '../platform/shell-word.js';
import type {ExecutableState} from './executable.js';
import {type Failure, type FailureEvidence, unusableConfiguration} from './failure-kinds.js';

/** Exit statuses of shells, `env` and a supervisor whose exec failed. */
const isExecutionStatus = (code: number | null | undefined): boolean =>
	code === 126 || code === 127;

/** The failure to execute the program at all; undefined if it ran. */
export const decodeExecution = ({
	exit,
	output,
	argv,
	executable,
}: FailureEvidence): Failure | undefined => {
	if (!isExecutionStatus(exit?.code)) {
		return undefined;
	}

	if (exit?.description.startsWith(unusableConfiguration)) {
		return {kind: 'configuration', cause: exit.description, subject: {}, hint: undefined};
	}

	const said = output.findLast(isAboutExecution);
	const file = /^can't exec '(.+)': /.exec(said ?? '')?.[1] ?? argv[0] ?? '';
	return (
		explainExecutable(file, executable) ??
		decodeWords(said) ??
		explain(
			file,
			`the program ${file} cannot be executed${said === undefined ? '' : `: ${said}`}`,
			`ls -l ${renderShellWord(file)}`,
		)
	);
};

const isAboutExecution = (line: string): boolean =>
	/^can't exec |: (?:command )?not found$|: No such file or directory$|: Permission denied$|: Exec format error$/.test(
		line,
	);

const explain = (file: string, cause: string, hint: string): Failure => ({
	kind: 'not-executable',
	cause,
	subject: {path: file},
	hint,
});

/** Why what stands at a path cannot be executed; undefined where nothing is known against it. */
export const explainExecutable = (
	file: string,
	executable: ExecutableState | undefined,
): Failure | undefined => {
	const listing = renderShellCommand(['ls', '-l', file]);
	switch (executable?.state) {
		case 'missing':
			return explain(file, `the program ${file} does not exist`, `ls ${folderOf(file)}`);
		case 'folder':
			return explain(file, `the program ${file} is a folder`, listing);
		case 'unreadable':
			return explain(
				file,
				`the program ${file} is in a folder that may not be entered`,
				renderShellCommand(['namei', '-l', file]),
			);
		case 'not-executable':
			return explain(
				file,
				`the program ${file} is not executable`,
				renderShellCommand(['chmod', '+x', file]),
			);
		case 'no-interpreter':
			return decodeInterpreter(file, executable.interpreter);
		case 'interpreter-denied':
			return explain(
				file,
				`the interpreter ${executable.interpreter} of ${file} may not be executed`,
				renderShellCommand(['namei', '-l', executable.interpreter]),
			);
		default:
			return undefined;
	}
};

const folderOf = (file: string): string => renderShellWord(path.dirname(file));

const decodeInterpreter = (file: string, interpreter: string): Failure => {
	if (interpreter.endsWith('\r')) {
		return explain(
			file,
			`the first line of ${file} has a DOS line end, so its interpreter is not found`,
			renderShellCommand(['sed', '-i', 's/\\r$//', file]),
		);
	}

	const cause = `the interpreter ${interpreter} of ${file} does not exist`;
	const environment = path.dirname(path.dirname(interpreter));
	return path.dirname(interpreter) === path.dirname(file) && /python[\d.]*$/.test(interpreter)
		? explain(
				file,
				`${cause}: its Python environment was moved or its Python removed`,
				renderShellCommand(['python3', '-m', 'venv', '--upgrade', environment]),
			)
		: explain(file, cause, `ls ${folderOf(interpreter)}`);
};

/** `/usr/bin/env: 'python3': No such file or directory`, `sh: 1: runzeo: not found`. */
const decodeWords = (said = ''): Failure | undefined => {
	const name =
		/^\S*env: ['‘]?(.+?)['’]?: No such file or directory$/.exec(said)?.[1] ??
		/^\S*sh: (?:line )?(?:\d+: )?(.+): (?:command )?not found$/.exec(said)?.[1];
	return name === undefined
		? undefined
		: explain(
				name,
				`the program ${name} is not found on the PATH`,
				renderShellCommand(['command', '-v', name]),
			);
};
