import type {Supervisor} from '../supervisor/supervisor.js';
import type {Assignment} from './assignment.js';
import type {Attendance, loadAttendants} from './attendants.js';
import {type DatabaseGuard, guardDatabases} from './database-guard.js';
import type {GuardedSpawner} from './guarded-spawner.js';
import type {Reporter} from './launch-report.js';
import type {LockLine} from './lock-line.js';
import {findObstacle} from './obstacle.js';
import {careForOutput, type OutputCare} from './output-care.js';
import type {ProgramOutput} from './output-port.js';
import type {ServedWatch} from './served.js';
import type {Speech} from './speech.js';
import {planStarts} from './starts.js';
import {openSupervision} from './supervision.js';

/** All that works on one program, put together and not begun. */
export type Crew = {
	readonly supervisor: Supervisor;
	/** Resolves to the exit status when the supervisor has nothing left to do. */
	readonly left: Promise<number>;
	readonly starts: GuardedSpawner;
	/** Resolves when the first start has come to something. */
	readonly firstStart: Promise<void>;
	readonly databases: DatabaseGuard;
	readonly outputCare: OutputCare;
	readonly attendance: Attendance;
	/** Why the program could not be started now; undefined: nothing is known. */
	readonly obstacle: () => string | undefined;
};

/** Puts them together. Starts nothing, and watches nothing but the supervisor. */
export const assembleCrew = ({
	assignment,
	served,
	line,
	output,
	speech,
	attendants,
	reporter,
}: {
	readonly assignment: Assignment;
	readonly served: ServedWatch;
	readonly line: LockLine;
	readonly output: ProgramOutput;
	readonly speech: Speech;
	readonly attendants: Awaited<ReturnType<typeof loadAttendants>>;
	readonly reporter: Pick<Reporter, 'note'>;
}): Crew => {
	const {log} = speech;
	const warn = (text: string): void => log.warning(text);
	const databases = guardDatabases({...assignment, served, warn});
	const {spawner, guarded, first, startTest} = planStarts({
		assignment,
		served,
		line,
		databases,
		output,
		warn,
	});
	const {supervisor, left} = openSupervision({
		assignment,
		starts: {spawner, startTest},
		served,
		log,
		reporter,
	});
	const outputCare = careForOutput({assignment, output, speech, supervisor});
	const obstacle = (): string | undefined => findObstacle(assignment.file, served);
	const attendance = attendants.attend({
		...assignment,
		supervisor,
		log,
		storages: served.last().storages,
		obstacle,
		glanceAtOutput: () => output.glance?.(),
	});
	return {
		supervisor,
		left,
		starts: guarded,
		firstStart: first,
		databases,
		outputCare,
		attendance,
		obstacle,
	};
};
