import {execFile} from 'node:child_process';

/** How a program of the system ended, and what it said. */
export type ToolResult = {
	/** 127 where it cannot be run. */
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
};

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a program of the system to its end, with its messages in English. */
export const runTool = ([program = '', ...words]: readonly string[]): Promise<ToolResult> =>
	new Promise(resolve => {
		const env = {...process.env, PATH, LC_ALL: 'C.UTF-8'};
		execFile(program, words, {env, maxBuffer: 16_777_216}, (error, stdout, stderr) =>
			resolve({exitCode: exitCodeOf(error), stdout, stderr}),
		);
	});

const exitCodeOf = (error: {readonly code?: unknown} | null): number => {
	if (error === null) return 0;
	return typeof error.code === 'number' ? error.code : 127;
};
