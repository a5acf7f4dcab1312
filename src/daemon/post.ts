import {mkdirSync} from 'node:fs';
import {writePidFile} from '../control/pid-file.js';
import {claimRunDirectory} from '../control/run-directory.js';
import {findSocketGroup} from '../control/socket-group.js';
import {systemReason} from '../platform/errors.js';
import {findRecordedProgram} from '../program/program-record.js';
import {recoverCut} from '../transcript/cut.js';
import type {Assignment} from './assignment.js';
import {type Control, openControl} from './control.js';
import {type Entrance, enter} from './entrance.js';
import {beginFirstLocks} from './first-locks.js';
import type {Reporter} from './launch-report.js';
import type {LockLine} from './lock-line.js';
import type {ProgramOutput} from './output-port.js';
import {openProgramOutput} from './program-output.js';
import type {ServedWatch} from './served.js';
import {settle} from './settle.js';
import type {Speech} from './speech.js';

/** What a supervisor must have before it can start a program. */
export type Post = {
	/** Open, but nobody answers yet: who asks waits. */
	readonly control: Control;
	readonly entrance: Entrance;
	readonly output: ProgramOutput;
};

type PostOptions = {
	readonly assignment: Assignment;
	readonly served: ServedWatch;
	readonly line: LockLine;
	readonly speech: Speech;
	readonly reporter: Reporter;
};

/**
 * Takes the control socket, or gets ready to take a predecessor's, then enters the folder of the program, makes those
 * of the instance and opens the output. Rejects when one of them cannot be had, and leaves no socket behind then.
 */
export const takePost = async (options: PostOptions): Promise<Post> => {
	const {assignment, served, line, speech, reporter} = options;
	const {predecessor, socketPath, place, cwd, settings} = assignment;
	if (predecessor === undefined)
		beginFirstLocks({line, served, socketPath, directory: place.directory ?? cwd});
	const control = openControl(assignment.version);
	const gid = await findSocketGroup(settings.socketGroup);
	const note = (text: string): void => {
		// The journal has it from the log.
		if (!speech.isJournal) reporter.note(text);
		speech.log.warning(text);
	};
	const entrance = await enter({
		path: socketPath,
		...(gid === undefined ? {mode: 0o700} : {mode: 0o770, gid}),
		server: control.server,
		note,
		predecessor,
		reporter,
		taken() {
			const trouble = writePidFile(socketPath);
			if (trouble !== undefined) note(describeTrouble(assignment.runDirectory, trouble));
		},
		awaitGo: assignment.awaitGo,
		trace: assignment.trace?.step,
	});
	try {
		const output = await moveIn(options);
		control.server.on('connection', () => output.giveWay?.());
		return {control, entrance, output};
	} catch (error) {
		// Whoever holds a socket but cannot go on must not leave it behind as a stale one.
		entrance.release();
		throw error;
	}
};

const describeTrouble = (runDirectory: string, error: unknown): string =>
	`cannot write the run state in '${runDirectory}': ${systemReason(error)}; should this supervisor be killed, its program is found by its locks alone`;

/** From here on this process is in the folder of the program, and has its umask. */
const moveIn = async ({assignment, speech, reporter}: PostOptions): Promise<ProgramOutput> => {
	const {predecessor, place, mode, socketPath, runDirectory, stateDirectory, settings} = assignment;
	settle(place, mode, speech.log, reporter);
	claimRunDirectory(socketPath);
	mkdirSync(stateDirectory, {recursive: true, mode: 0o700});
	// A predecessor may be at it.
	if (predecessor === undefined) await recoverCut({runDirectory});
	return openProgramOutput({
		place,
		mode,
		runDirectory,
		settings: settings.output,
		formerPid: findRecordedProgram(runDirectory)?.pid,
		isSuccessor: predecessor !== undefined,
		writeError: speech.say,
	});
};
