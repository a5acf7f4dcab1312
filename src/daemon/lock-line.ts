import {
	type AwaitedLocks,
	awaitLocks,
	type BegunLocks,
	beginLocks,
	type LockResult,
	type LockTarget,
	takeLocks,
} from '../guard/lock.js';

/** How a supervisor comes by the locks of its program: where it can, before it needs them. */
export type LockLine = {
	/** Takes what the first start will need, while the supervisor is still being set up. */
	begin(targets: readonly LockTarget[]): void;
	/** What was begun, or was got in line for, if it is what is needed now; else the long way. */
	lock(targets: readonly LockTarget[]): Promise<LockResult>;
	/** Gets in line for what the program has now, so that its next start finds it taken. */
	join(targets: readonly LockTarget[]): void;
	/** Gives up whatever has been begun, so that others find it free. */
	leave(): void;
};

/** A line in which nobody stands yet. */
export const createLockLine = (): LockLine => {
	let first: BegunLocks | undefined;
	let next: AwaitedLocks | undefined;
	let calm: NodeJS.Timeout | undefined;

	const leave = (): void => {
		clearTimeout(calm);
		first?.cancel();
		next?.cancel();
		first = undefined;
		next = undefined;
	};

	return {
		begin(targets) {
			first = beginLocks(targets);
		},
		async lock(targets) {
			clearTimeout(calm);
			const [begun, awaited] = [first, next];
			if (begun !== undefined && isSame(begun.targets, targets)) {
				first = undefined;
				return begun.result;
			}
			if (awaited !== undefined && isSame(awaited.targets, targets)) {
				next = undefined;
				const locks = await awaited.take();
				if (locks !== undefined) return {result: 'locked', locks};
			}
			leave();
			return takeLocks(targets);
		},
		join(targets) {
			clearTimeout(calm);
			calm = setTimeout(() => {
				next = awaitLocks(targets);
			}, calmMs);
		},
		leave,
	};
};

/** Milliseconds after a start in which the machine is left to the program. */
const calmMs = 500;

const isSame = (one: readonly LockTarget[], other: readonly LockTarget[]): boolean =>
	JSON.stringify(one) === JSON.stringify(other);
