import {fstatSync} from 'node:fs';
import {isatty} from 'node:tty';

/**
 * Whether a descriptor is a terminal. Node's own test loads its network code, so it is asked only about character
 * devices other than `/dev/null`, which is what scripts use.
 */
export const isTerminal = (descriptor: number): boolean => {
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isCharacterDevice() || stats.rdev === nullDevice) return false;
	} catch {
		return false;
	}
	return isatty(descriptor);
};

/** Major 1, minor 3 on every Linux; see the kernel's devices.txt. */
const nullDevice = 0x103;
