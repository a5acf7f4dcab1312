/** A version of a package that should not be run. */
export type Fault = {readonly name: string; readonly text: string; readonly fixedIn: string};

type Known = {
	readonly name: 'ZEO' | 'ZODB';
	/** The first version that has it, and the first one without. */
	readonly from: string;
	readonly fixedIn: string;
	readonly what: string;
};

/** From the change logs of both packages. */
const known: readonly Known[] = [
	{
		name: 'ZEO',
		from: '5.0',
		fixedIn: '5.2.3',
		what: 'clients may load old data while others commit, and write it back (issues 155 and 166 of ZEO)',
	},
	{
		name: 'ZODB',
		from: '5.0',
		fixedIn: '5.6.0',
		what: 'a transaction may begin with old data and write it back (issue 290 of ZODB)',
	},
	{
		name: 'ZODB',
		from: '6.0',
		fixedIn: '6.0.1',
		what: 'a restore with undone transactions writes data twice (pull request 409 of ZODB)',
	},
];

/** The known faults of one version of a package. */
export const findFaults = (name: Known['name'], version: string): readonly Fault[] =>
	known
		.filter(
			fault =>
				fault.name === name &&
				compareVersions(version, fault.from) >= 0 &&
				compareVersions(version, fault.fixedIn) < 0,
		)
		.map(({fixedIn, what}) => ({name, fixedIn, text: `${name} ${version}: ${what}`}));

/** By their numbers; what follows them (`rc1`, `.dev0`) does not count. */
export const compareVersions = (one: string, other: string): number => {
	const [left, right] = [one, other].map(numbersOf);
	for (let index = 0; index < 4; index++) {
		const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
};

const numbersOf = (version: string): readonly number[] =>
	(/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
