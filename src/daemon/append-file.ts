import fs from 'node:fs';

/** A file of lines that is only appended to. Every method but `release` throws what the operating system says. */
export type AppendFile = {
	/** Appends text that ends in a newline. A line that could only be written in part is ended before the next. */
	write(text: string): void;
	/** Bytes of the open file; undefined for what is not a regular file. */
	size(): number | undefined;
	/** Opens the file of this name and leaves the one before; if that fails the old one stays in use. */
	reopen(): void;
	/** Leaves the file; a later write opens it again. */
	release(): void;
};

// Without O_NONBLOCK a pipe that nobody reads would stop the whole process.
const flags =
	fs.constants.O_WRONLY |
	fs.constants.O_APPEND |
	fs.constants.O_CREAT |
	fs.constants.O_NONBLOCK |
	fs.constants.O_NOCTTY;

/** An append-only file at an absolute path, opened when it is first needed, created with mode 0640. */
export const createAppendFile = (file: string, encode: (text: string) => Buffer): AppendFile => {
	let fd: number | undefined;
	let isTorn = false;
	const open = (): number => fs.openSync(file, flags, 0o640);
	const release = (): void => {
		const before = fd;
		fd = undefined;
		isTorn = false;
		if (before !== undefined) closeQuietly(before);
	};
	return {
		write(text) {
			fd ??= open();
			let rest = encode(isTorn ? `\n${text}` : text);
			while (rest.length > 0) {
				rest = rest.subarray(fs.writeSync(fd, rest));
				isTorn = rest.length > 0;
			}
		},
		size() {
			fd ??= open();
			const stat = fs.fstatSync(fd);
			return stat.isFile() ? stat.size : undefined;
		},
		reopen() {
			const next = open();
			release();
			fd = next;
		},
		release,
	};
};

/** A network file system may report an earlier failed write here, when nothing can be done about it. */
const closeQuietly = (fd: number): void => {
	try {
		fs.closeSync(fd);
	} catch {
		// The descriptor is gone either way.
	}
};
