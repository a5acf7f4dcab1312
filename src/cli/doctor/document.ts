import type {CheckGroup} from './check.js';
import type {Examined} from './examine.js';
import type {Level} from './finding.js';

/** One finding of `doctor --json`. Both may be null: then there is nothing to do. */
type FindingDocument = {
	readonly level: Level;
	readonly message: string;
	/** What to do, one sentence. */
	readonly advice: string | null;
	/** A command ready for a shell. */
	readonly command: string | null;
};

type CheckDocument = {
	readonly group: CheckGroup;
	readonly name: string;
	/** The worst of its findings. */
	readonly level: Level;
	readonly findings: readonly FindingDocument[];
};

/** How many checks stand how. */
export type Counts = Readonly<Record<Level, number>>;

/** What `doctor --json` prints. Keys are only ever added. */
export type DoctorDocument = {
	/** Whether no error was found. */
	readonly ok: boolean;
	readonly counts: Counts;
	readonly checks: readonly CheckDocument[];
};

export const countLevels = (examined: readonly Examined[]): Counts => {
	const count = (wanted: Level): number => examined.filter(({level}) => level === wanted).length;
	return {
		ok: count('ok'),
		warning: count('warning'),
		error: count('error'),
		unknown: count('unknown'),
		idle: count('idle'),
	};
};

/** The document of an examination. */
export const doctorDocument = (examined: readonly Examined[]): DoctorDocument => {
	const counts = countLevels(examined);
	return {
		ok: counts.error === 0,
		counts,
		checks: examined.map(({group, name, level, findings}) => ({
			...{group, name, level},
			findings: findings.map(({advice = null, command = null, ...finding}) => ({
				...{level: finding.level, message: finding.message},
				...{advice, command},
			})),
		})),
	};
};
