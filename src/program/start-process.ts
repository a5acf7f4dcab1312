import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {once} from 'node:events';
import {getSystemErrorMap} from 'node:util';
import {errorMessage} from '../platform/errors.js';

/** A process that runs, or why there is none, in the words of the operating system. */
export type StartedProcess =
	| {readonly child: ChildProcess; readonly pid: number}
	| {readonly failure: string};

/**
 * Starts a process; never rejects. Node throws some failures (ETXTBSY, ENOTDIR, E2BIG) and emits others (ENOENT,
 * EACCES). No event of the child is missed by a caller who listens at once.
 */
export const startProcess = async (
	file: string,
	words: readonly string[],
	options: SpawnOptions,
): Promise<StartedProcess> => {
	try {
		const child = spawn(file, words, options);
		const {pid} = child;
		if (pid !== undefined) return {child, pid};
		const [error] = await once(child, 'error');
		return {failure: reasonOf(error)};
	} catch (error) {
		return {failure: reasonOf(error)};
	}
};

const reasonOf = (error: unknown): string => {
	const number =
		error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
	return getSystemErrorMap().get(number)?.[1] ?? errorMessage(error);
};
