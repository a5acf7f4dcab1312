import fs from 'node:fs';
import {pathOfDescriptor} from './live-file.js';

/** Calls back some time after an open file was written to, and not at all while nothing is written. */
export type ChangeWatch = {
	/** Waits at least so many milliseconds, then for the next change. */
	arm(restMs: number): void;
	close(): void;
};

/**
 * A watch that ends with its first event, so that a flood of writes costs one event and not thousands. Where the
 * kernel has no watches left, it looks once in a while instead.
 */
export const watchForChange = ({
	descriptor,
	hasChanged,
	onChange,
	onCalm,
}: {
	readonly descriptor: number;
	/** Asked when the rest is over: what came meanwhile caused no event. */
	readonly hasChanged: () => boolean;
	readonly onChange: () => void;
	/** When a rest is over and nothing has changed in it. */
	readonly onCalm: () => void;
}): ChangeWatch => {
	let watcher: fs.FSWatcher | undefined;
	let rest: NodeJS.Timeout | undefined;

	const stop = () => {
		watcher?.close();
		watcher = undefined;
		clearTimeout(rest);
		rest = undefined;
	};

	const changed = () => {
		stop();
		onChange();
	};

	const wait = () => {
		try {
			watcher = fs.watch(pathOfDescriptor(descriptor), {persistent: false}, changed);
			watcher.on('error', changed);
			if (hasChanged()) changed();
			else onCalm();
		} catch {
			rest = setTimeout(changed, blindMs);
			rest.unref();
		}
	};

	return {
		arm(restMs) {
			stop();
			rest = setTimeout(wait, restMs);
			rest.unref();
		},
		close: stop,
	};
};

const blindMs = 30_000;
