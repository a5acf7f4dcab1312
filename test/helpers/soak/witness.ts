import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

/**
 * A server with a witness: it takes a lock of its own on the inode of the database before it begins, and notes in
 * `violations` whom it finds there alive. Of a process that is being killed the lock goes a moment later than
 * everything else.
 */
export const witnessedServer = ({
	python,
	conf,
	data,
	violations,
}: {
	readonly python: string;
	readonly conf: string;
	readonly data: string;
	readonly violations: string;
}): string => `#!${python}
import fcntl, os, sys, time

database = os.open(${JSON.stringify(data)}, os.O_RDONLY)

def others():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            links = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        if int(pid) != os.getpid() and ${JSON.stringify(data)} in links:
            yield pid

deadline = time.monotonic() + 2
while True:
    try:
        fcntl.flock(database, fcntl.LOCK_EX | fcntl.LOCK_NB)
        break
    except BlockingIOError:
        alive = list(others())
        if alive or time.monotonic() > deadline:
            with open(${JSON.stringify(violations)}, "a") as file:
                file.write(f"{os.getpid()} found {' '.join(alive) or 'a lock'} at {time.time()}\\n")
            sys.exit(3)
        time.sleep(0.01)

from ZEO.runzeo import main
sys.exit(main(["-C", ${JSON.stringify(conf)}]))
`;

const processes = (): readonly string[] =>
	readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== String(process.pid));

const commandOf = (pid: string): string => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
	} catch {
		return '';
	}
};

const descriptorsOf = (pid: string): readonly string[] => {
	try {
		return readdirSync(`/proc/${pid}/fd`);
	} catch {
		return [];
	}
};

const writes = (pid: string, file: string): boolean =>
	descriptorsOf(pid).some(fd => {
		try {
			if (readlinkSync(`/proc/${pid}/fd/${fd}`) !== file) return false;
			const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'));
			return (Number.parseInt(flags?.[1] ?? '0', 8) & 0o3) !== 0;
		} catch {
			return false;
		}
	});

/** The processes whose command line names a text. */
export const findByCommand = (text: string): readonly number[] =>
	processes()
		.filter(pid => commandOf(pid).includes(text))
		.map(Number);

/** The processes below a folder that have a file open for writing. */
const findWriters = (file: string, folder: string): readonly string[] =>
	processes().filter(pid => commandOf(pid).includes(folder) && writes(pid, file));

/** Somebody who looks again and again who has a database open for writing. */
export type Sampler = {
	/** Looks at which there were two. */
	violations(): readonly string[];
	stop(): Promise<{readonly samples: number}>;
};

export const sampleWriters = ({
	data,
	folder,
}: {
	readonly data: string;
	readonly folder: string;
}): Sampler => {
	const violations: string[] = [];
	let isOver = false;
	const sampling = (async () => {
		let samples = 0;
		for (; !isOver; samples += 1) {
			const first = findWriters(data, folder);
			// One that was replaced between two reads of the list is not there a second time.
			const both = first.length > 1 ? findWriters(data, folder) : [];
			const seen = both.filter(pid => first.includes(pid));
			if (seen.length > 1) violations.push(`processes ${seen.join(', ')} write to ${data}`);
			await sleep(50);
		}
		return {samples};
	})();
	return {
		violations: () => violations,
		stop() {
			isOver = true;
			return sampling;
		},
	};
};
