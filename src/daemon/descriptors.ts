import {closeSync, readdirSync, readFileSync} from 'node:fs';

/** O_CLOEXEC as `/proc/PID/fdinfo` shows it, in octal; see proc(5). */
const closeOnExec = 0o2000000;

/** Up to here libuv gives the flag to all at the start of a process (uv_disable_stdio_inheritance), whoever opened them. */
const lastFlagged = 15;

/**
 * Closes every descriptor that was inherited by accident, so that neither this process nor the program keeps a
 * file, pipe or terminal of the caller open. Node opens its own with close-on-exec; what lacks the flag and is not
 * in `known` came from the caller.
 */
export const closeInheritedDescriptors = (known: readonly number[]): void => {
	for (const descriptor of readdirSync('/proc/self/fd').map(Number)) {
		if (descriptor > lastFlagged && !known.includes(descriptor) && isInherited(descriptor)) {
			closeSync(descriptor);
		}
	}
};

const isInherited = (descriptor: number): boolean => {
	try {
		const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
		const flags = /^flags:\s*(\d+)$/m.exec(info)?.[1];
		return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
	} catch {
		// It was the descriptor of the listing itself.
		return false;
	}
};
