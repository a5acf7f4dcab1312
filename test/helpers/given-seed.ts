/** The seed that `ZEOCTL_SEED` gives to every test that prints one, to repeat its choices; else its own. */
export const givenSeed = (own: number): number => {
	const given = Number(process.env['ZEOCTL_SEED']);
	return given > 0 ? given : own;
};
