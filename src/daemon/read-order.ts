import {execFile} from 'node:child_process';
import {ZeoctlError} from '../platform/errors.js';
import {callEnvironment, orderVariable} from '../program/environment.js';
import type {Invocation} from './invocation.js';

/** Milliseconds: a busy machine may take seconds to start Node. */
const limitMs = 60_000;

const mostBytes = 16 * 1024 * 1024;

/**
 * Has the configuration read by the zeoctl that is installed now, in a short-lived process: the order for a supervisor,
 * as JSON. It may be of another version, so nobody but that supervisor looks into it. Rejects with what the process
 * said.
 */
export const readOrder = (
	{command: [file, ...words], flags, cwd, environment}: Invocation,
	programArguments: readonly string[],
	signal: AbortSignal,
): Promise<string> =>
	new Promise((resolve, reject) => {
		const env = {...callEnvironment(environment), [orderVariable]: '1'};
		const child = execFile(
			file,
			[...words, ...flags, 'supervise', ...programArguments],
			{cwd, env, signal, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: mostBytes},
			(error, stdout, stderr) => {
				if (error === null && stdout.startsWith('{')) resolve(stdout);
				else if (signal.aborted) reject(signal.reason);
				else
					reject(
						new ZeoctlError(
							'RELOAD_FAILED',
							`cannot read the configuration: ${why(error, stderr)}`,
						),
					);
			},
		);
		child.stdin?.end();
	});

/** The last line of a stack says nothing; the first of an error of ours says all. */
const why = (error: Error | null, stderr: string): string => {
	const lines = stderr.split('\n').filter(line => line.trim() !== '');
	const told = lines.find(line => /^\w*Error: /.test(line)) ?? lines[0];
	return told?.replace(/^Error: /, '') ?? error?.message ?? 'it tells nothing';
};
