/** Milliseconds after which a disk does not answer. Disks that spin up take less. */
export const stallMs = 10_000;

/** Tells when something takes very long, and when it has come to an end after that. */
export const createStallWatch = (
	onChange: (isStalled: boolean) => void,
): (<Result>(work: () => Promise<Result>) => Promise<Result>) => {
	return async work => {
		let isStalled = false;
		const timer = setTimeout(() => {
			isStalled = true;
			onChange(true);
		}, stallMs);
		timer.unref();
		try {
			return await work();
		} finally {
			clearTimeout(timer);
			if (isStalled) onChange(false);
		}
	};
};
