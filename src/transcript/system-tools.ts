import {spawn} from 'node:child_process';

/** How a short-lived helper of util-linux ended. `message` is what it printed, one line. */
export type ToolOutcome = {readonly ok: boolean; readonly message: string};

/**
 * Removes the first `length` bytes (a multiple of the block size) of the open file `descriptor`, at once and for
 * all its readers and writers. The child also inherits `lock`, so that the lock outlives us as long as the child
 * does. Node has no fallocate.
 */
export const collapseHead = ({
	descriptor,
	length,
	lock,
}: {
	readonly descriptor: number;
	readonly length: number;
	readonly lock?: number;
}): Promise<ToolOutcome> =>
	runTool(
		'fallocate',
		['--collapse-range', '--offset', '0', '--length', String(length), '/proc/self/fd/3'],
		lock === undefined ? [descriptor] : [descriptor, lock],
	);

/**
 * Appends a text to an open file, which must be appending, by one write of another process: whole or not at all, whatever
 * becomes of us. A write of our own would end at any page if we were killed in the middle of it. The position of
 * `descriptor` tells where it landed. The child also inherits `lock`.
 */
export const appendAtOnce = ({
	descriptor,
	text,
	lock,
}: {
	readonly descriptor: number;
	/** At most 32 KiB, which a socket takes in one piece. */
	readonly text: string;
	readonly lock: number;
}): Promise<ToolOutcome> =>
	runTool(
		'dd',
		[`bs=${Buffer.byteLength(text)}`, 'count=1', 'iflag=fullblock', 'status=none'],
		[lock],
		{input: text, output: descriptor},
	);

/**
 * Takes an exclusive `flock` on an open file, waiting at most `waitSeconds`. It belongs to the open file, hence to
 * us and to every child that inherits it, and ends when the last of them has closed it. Node has no flock.
 */
export const takeLock = (lock: number, waitSeconds: number): Promise<ToolOutcome> =>
	runTool('flock', ['--exclusive', '--wait', String(waitSeconds), '3'], [lock]);

/** Makes a named pipe that only its owner may use. Node has no mkfifo. */
export const makeFifo = (file: string): Promise<ToolOutcome> =>
	runTool('mkfifo', ['--mode', '0600', file], []);

/**
 * Lets a pipe hold so many bytes, for as long as somebody has it open. Node has no fcntl; where neither perl nor
 * python3 is there, or the user has too many large pipes, it stays as it was.
 */
export const enlargePipe = (descriptor: number, bytes: number): Promise<ToolOutcome> => {
	const byPerl = `open(my $pipe, "+<&=", 3) && fcntl($pipe, ${setPipeSize}, ${bytes}) or exit 1`;
	const byPython = `import fcntl; fcntl.fcntl(3, ${setPipeSize}, ${bytes})`;
	return runTool(
		'sh',
		['-c', `perl -e '${byPerl}' || exec python3 -c '${byPython}'`],
		[descriptor],
	);
};

/**
 * Writes so many bytes to an open file of nobody else, waits until the disk has them, and empties the file again. A
 * process of its own: one that waits for a disk which hangs cannot be killed, nor can a process end that has such a
 * thread. What is written is random, because file systems that compress would need no room for anything else.
 */
export const writeThrough = (descriptor: number, bytes: number): Promise<ToolOutcome> => {
	const write = `dd if=/dev/urandom of=/proc/self/fd/3 bs=${bytes} count=1 conv=fsync`;
	return runTool(
		'sh',
		['-c', `${write}; status=$?; : > /proc/self/fd/3; exit $status`],
		[descriptor],
	);
};

/** F_SETPIPE_SZ of Linux. */
const setPipeSize = 1031;

const runTool = (
	name: string,
	args: readonly string[],
	inherited: readonly number[],
	{input, output}: {readonly input?: string; readonly output?: number} = {},
): Promise<ToolOutcome> =>
	new Promise(resolve => {
		const child = spawn(name, args, {
			env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C'},
			stdio: [input === undefined ? 'ignore' : 'pipe', output ?? 'ignore', 'pipe', ...inherited],
			// A signal for all that belongs to a terminal is not for a helper that is at a log.
			detached: true,
		});
		// Who ends without reading it says why.
		child.stdin?.on('error', () => undefined).end(input);
		let message = '';
		child.stderr?.on('data', (chunk: Buffer) => {
			message = (message + chunk.toString()).slice(0, 500);
		});
		child.once('error', error => resolve({ok: false, message: `${name}: ${error.message}`}));
		child.once('close', code =>
			resolve({ok: code === 0, message: message.trim() || `${name} ended with status ${code}`}),
		);
	});
