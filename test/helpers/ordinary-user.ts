const nobody = 65_534;

/** Runs something synchronous without the rights of root, which may write everywhere. */
export const asOrdinaryUser = <Result>(run: () => Result): Result => {
	if (process.geteuid?.() !== 0) return run();
	process.seteuid?.(nobody);
	try {
		return run();
	} finally {
		process.seteuid?.(0);
	}
};
