import {spawn} from 'node:child_process';
import {fstatSync} from 'node:fs';

/**
 * Calls back when the last reader of a pipe is gone, also while nothing is written to it; never for anything that is
 * no pipe. Node does not look at a pipe that it only writes to, so a helper sleeps until the pipe breaks, or until
 * we have ended and with that its input. The returned function ends the helper. Without perl and python3 nothing is
 * noticed before the next write.
 */
export const watchReader = (descriptor: number, onGone: () => void): (() => void) => {
	if (!fstatSync(descriptor).isFIFO()) return () => {};
	const helper = spawn('sh', ['-c', `command -v perl && exec perl -e '${byPerl}'; ${byPython}`], {
		env: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C'},
		stdio: ['pipe', 'ignore', 'ignore', descriptor],
	});
	helper.once('error', () => {});
	helper.once('exit', code => {
		if (code === 0) onGone();
	});
	return () => {
		helper.removeAllListeners('exit');
		helper.kill();
	};
};

// What can only be written to is readable for select(2) when nobody reads it any more, and only then.
const byPerl =
	'vec($ends, 0, 1) = vec($ends, 3, 1) = 1; exit !(select($ends, undef, undef, undef) > 0)';
const byPython = 'exec python3 -c "import select; select.select([0, 3], [], [])"';
