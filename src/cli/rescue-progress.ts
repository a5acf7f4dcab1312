import {renderBytes} from '../platform/quantities.js';
import type {CopyProgress} from '../storage/copy-live-file.js';
import type {System} from './system.js';

/** Milliseconds between two lines. */
const pauseMs = 200;

/** Shows on a terminal how far a copy is, in one line of stderr that `end` takes away; elsewhere nothing. */
export const showProgress = ({
	stderr,
	clock,
}: Pick<System, 'stderr' | 'clock'>): {
	readonly onProgress: (progress: CopyProgress) => void;
	readonly end: () => void;
} => {
	if (!stderr.isTerminal) return {onProgress: () => undefined, end: () => undefined};
	let last = 0;
	return {
		onProgress({step, done, total}) {
			if (clock.now() - last < pauseMs) return;
			last = clock.now();
			const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
			stderr.write(`\r\x1b[K${step} ${percent} % of ${renderBytes(total)}`);
		},
		end: () => void (last > 0 && stderr.write('\r\x1b[K')),
	};
};
