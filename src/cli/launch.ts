import {spawn} from 'node:child_process';
import type {Duplex} from 'node:stream';
import {reportVariable} from '../program/environment.js';
import type {LaunchOrder, LaunchReport} from '../supervisor/report.js';

export type LaunchOptions = {
	/** What the supervisor shall do: it reads no conf of its own. */
	readonly order: LaunchOrder;
	/** The flags of the command line as typed, so that a list of processes shows whose supervisor it is. */
	readonly flags: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The file to run, normally the one that is running now. */
	readonly script: string;
};

/** Keep the supervisor small: after a burst of requests it needs 7 MB of its own instead of 54, for 10 ms at the start. */
const memoryFlags = ['--optimize-for-size', '--max-semi-space-size=1'];

/**
 * Starts a supervisor that outlives this process, and yields what it reports until its program is ready or it has
 * left. A supervisor that dies without a word ends the reports.
 */
export async function* launchSupervisor({
	order,
	flags,
	environment,
	script,
}: LaunchOptions): AsyncGenerator<LaunchReport> {
	const child = spawn(
		process.execPath,
		[...memoryFlags, script, ...flags, 'supervise', ...order.programArguments],
		{
			detached: true,
			stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
			env: {...environment, [reportVariable]: '3'},
		},
	);
	const failure = new Promise<never>((_resolve, reject) => child.once('error', reject));
	failure.catch(() => undefined);
	child.unref();
	const pipe = child.stdio[3] as Duplex;
	try {
		pipe.on('error', () => undefined).write(`${JSON.stringify({...order, flags})}\n`);
		yield* readReports(pipe);
		if (child.pid === undefined) await failure;
	} finally {
		pipe.destroy();
	}
}

async function* readReports(pipe: Duplex): AsyncGenerator<LaunchReport> {
	let rest = '';
	for await (const piece of pipe.setEncoding('utf8')) {
		const lines = (rest + String(piece)).split('\n');
		rest = lines.pop() ?? '';
		// Our own child, of the same version, wrote these lines.
		for (const line of lines) yield JSON.parse(line) as LaunchReport;
	}
}
