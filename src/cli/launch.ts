import type {Duplex} from 'node:stream';
import {systemErrorCode} from '../platform/errors.js';
import type {LaunchOrder, LaunchReport} from '../supervisor/report.js';
import type {EarlySupervisor} from './early-supervisor.js';
import {spawnSupervisor} from './spawn-supervisor.js';

export type LaunchOptions = {
	/** What the supervisor shall do: it reads no conf of its own. */
	readonly order: LaunchOrder;
	/** The flags of the command line as typed, so that a list of processes shows whose supervisor it is. */
	readonly flags: readonly string[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The file to run, normally the one that is running now. */
	readonly script: string;
	/** One that waits already. */
	readonly early?: EarlySupervisor | undefined;
};

/**
 * Starts a supervisor that outlives this process, and yields what it reports until its program is ready or it has
 * left. A supervisor that dies without a word ends the reports.
 */
export async function* launchSupervisor({
	order,
	flags,
	environment,
	script,
	early,
}: LaunchOptions): AsyncGenerator<LaunchReport> {
	const words = [...flags, 'supervise', ...order.programArguments];
	const command = {script, words, environment};
	const {child, pipe} = early?.take(command) ?? spawnSupervisor(command);
	const failure = new Promise<never>((_resolve, reject) => child.once('error', reject));
	failure.catch(() => undefined);
	try {
		pipe.write(`${JSON.stringify({...order, flags})}\n`);
		yield* readReports(pipe);
		if (child.pid === undefined) await failure;
	} finally {
		pipe.destroy();
	}
}

async function* readReports(pipe: Duplex): AsyncGenerator<LaunchReport> {
	let rest = '';
	for await (const piece of untilBroken(pipe)) {
		const lines = (rest + piece).split('\n');
		rest = lines.pop() ?? '';
		// Our own child, of the same version, wrote these lines.
		for (const line of lines) yield JSON.parse(line) as LaunchReport;
	}
}

/** A supervisor that is killed before it has read its order leaves a broken pipe (ECONNRESET), not an ended one. */
async function* untilBroken(pipe: Duplex): AsyncGenerator<string> {
	try {
		for await (const piece of pipe.setEncoding('utf8')) yield String(piece);
	} catch (error) {
		if (systemErrorCode(error) === undefined) throw error;
	}
}
