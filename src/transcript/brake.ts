/** Holds a program back whose output comes faster than the disk takes it. */
export type Brake = {
	/** To be told whenever the queue has changed. A disk that fails holds nobody back. */
	check(queuedBytes: number, isFailing: boolean): void;
	/** Forgets that it held anybody back; what was paused stays so. */
	release(): void;
};

/**
 * A program that writes faster than a healthy disk goes at the pace of the disk, as it would without us; so nothing
 * is lost in a flood, and the queue stays short. Where lines may be dropped it waits only for a moment at a time:
 * after that it does not wait again before the disk has followed.
 */
export const createBrake = ({
	queueSize,
	onSlow,
	pause,
	resume,
}: {
	/** Bytes. */
	readonly queueSize: number;
	readonly onSlow: 'drop' | 'block';
	readonly pause: () => void;
	readonly resume: () => void;
}): Brake => {
	const limit = Math.min(queueSize / 2, mostBytes);
	let isPulled = false;
	let isOutOfPatience = false;
	let patience: NodeJS.Timeout | undefined;

	const release = () => {
		clearTimeout(patience);
		isPulled = false;
	};

	const letGo = () => {
		if (!isPulled) return;
		release();
		resume();
	};

	return {
		check(queuedBytes, isFailing) {
			if (isFailing || queuedBytes <= limit / 2) {
				isOutOfPatience = false;
				letGo();
			} else if (queuedBytes > limit && !isPulled && !isOutOfPatience) {
				isPulled = true;
				pause();
				if (onSlow === 'block') return;
				patience = setTimeout(() => {
					isOutOfPatience = true;
					letGo();
				}, patienceMs);
			}
		},
		release,
	};
};

/**
 * Twice what is written at once: while one half is written, the other comes. More would not make a flood faster, and
 * would be lost if the supervisor were killed.
 */
const mostBytes = 2_097_152;
const patienceMs = 100;
