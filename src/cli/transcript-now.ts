import fs from 'node:fs';
import type {TranscriptState} from '../control/messages.js';

/**
 * The state of a transcript with what is wrong with its disk at this moment, as far as that shows without writing:
 * for a supervisor that could not try it, because it may not make a file there.
 */
export const withPresentProblem = (transcript: TranscriptState | null): TranscriptState | null =>
	transcript === null || transcript.mode === 'pump' || transcript.problem !== null
		? transcript
		: {...transcript, problem: findProblem(transcript.path)};

const findProblem = (file: string): string | null => {
	try {
		const stats = fs.statSync(file);
		if (!stats.isFile()) return null;
		if (isReadOnly(stats.dev)) return 'the file system is read-only';
		return fs.statfsSync(file).bavail === 0 ? 'the disk is full' : null;
	} catch {
		// Out of sight for whoever asks.
		return null;
	}
};

/** Also one that the kernel has closed because it is damaged, which its mount does not show (proc_pid_mountinfo(5)). */
const isReadOnly = (device: number): boolean => {
	const number = `${(device >> 8) & 0xfff}:${(device & 0xff) | ((device >> 12) & 0xfff00)}`;
	const line = fs
		.readFileSync('/proc/self/mountinfo', 'utf8')
		.split('\n')
		.find(found => found.split(' ')[2] === number);
	return /(?:^|,)(?:ro|emergency_ro)(?:,|$)/.test(line?.split(' ').at(-1) ?? '');
};
