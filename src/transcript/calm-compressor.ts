import {compressOldFiles} from './compress.js';

/** Compresses old files when the log has not been rotated for a while: a flood needs the processor itself. */
export type CalmCompressor = {
	/** To be called after each rotation, with the folder and the name of the log. */
	rotated(folder: string, name: string): void;
	close(): void;
};

/** Milliseconds without a rotation. */
const calmMs = 10_000;

/** `inTurn` as for `compressOldFiles`; `onRefusal` hears why old files stay as they are. */
export const createCompressor = ({
	runDirectory,
	inTurn,
	onRefusal,
}: {
	readonly runDirectory: string;
	readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
	readonly onRefusal: (refusal: string) => void;
}): CalmCompressor => {
	const ending = new AbortController();
	let calm: NodeJS.Timeout | undefined;
	let isBusy = false;
	return {
		rotated(folder, name) {
			clearTimeout(calm);
			calm = setTimeout(() => {
				if (isBusy) return;
				isBusy = true;
				const {signal} = ending;
				void compressOldFiles({folder, name, runDirectory, signal, inTurn}).then(refusal => {
					isBusy = false;
					if (refusal !== undefined && !ending.signal.aborted) onRefusal(refusal);
				});
			}, calmMs);
			calm.unref();
		},
		close() {
			clearTimeout(calm);
			ending.abort();
		},
	};
};
