/** Runs something synchronous while the process lives in another time zone. */
export const inTimeZone = <Result>(zone: string, run: () => Result): Result => {
	const before = process.env['TZ'];
	process.env['TZ'] = zone;
	try {
		return run();
	} finally {
		if (before === undefined) delete process.env['TZ'];
		else process.env['TZ'] = before;
	}
};
