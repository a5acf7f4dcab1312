import {errorMessage} from '../platform/errors.js';
import {compressOldFiles} from './compress.js';

/** Compresses old files when the log has not been rotated for a while: a flood needs the processor itself. */
export type CalmCompressor = {
	/** To be called after each rotation, with the folder and the name of the log. */
	rotated(folder: string, name: string): void;
	/** Resolves when nothing is under way any more, and nothing half done is left. */
	close(): Promise<void>;
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
	let work: Promise<void> | undefined;
	return {
		rotated(folder, name) {
			clearTimeout(calm);
			calm = setTimeout(() => {
				const {signal} = ending;
				work ??= compressOldFiles({folder, name, runDirectory, signal, inTurn})
					.catch(errorMessage)
					.then(refusal => {
						work = undefined;
						if (refusal !== undefined && !signal.aborted) onRefusal(refusal);
					});
			}, calmMs);
			calm.unref();
		},
		async close() {
			clearTimeout(calm);
			ending.abort();
			await work;
		},
	};
};
