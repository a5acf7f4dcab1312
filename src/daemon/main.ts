import {mkdirSync} from 'node:fs';
import path from 'node:path';
import type {Reply, Status} from '../control/messages.js';
import {removePidFile, writePidFile} from '../control/pid-file.js';
import {removeSnapshot, runDirectoryOf} from '../control/snapshot.js';
import {systemClock, systemTimers} from '../platform/clock.js';
import {ZeoctlError} from '../platform/errors.js';
import {programEnvironment} from '../program/environment.js';
import {locateProgram} from '../program/locate.js';
import {findRecordedProgram} from '../program/program-record.js';
import {stateDirectoryOf} from '../settings/state-directory.js';
import {removeLoadedOrder, writeLoadedOrder} from '../supervisor/loaded-order.js';
import {refusedStatus} from '../supervisor/machine.js';
import type {Ports} from '../supervisor/ports.js';
import type {LaunchOrder} from '../supervisor/report.js';
import {Supervisor} from '../supervisor/supervisor.js';
import {recoverCut} from '../transcript/cut.js';
import {answerRequests} from './answer.js';
import {loadAttendants} from './attendants.js';
import {followConfiguration} from './configuration.js';
import {openControl} from './control.js';
import {guardDatabases, recordWhenCalm} from './database-guard.js';
import {closeInheritedDescriptors} from './descriptors.js';
import {type Entrance, enter, type SuccessionStep} from './entrance.js';
import {loadEventLog} from './event-log.js';
import {beginFirstLocks} from './first-locks.js';
import {createGuardedSpawner, type SpawnStep} from './guarded-spawner.js';
import type {HandOverStep} from './hand-over.js';
import type {SocketClaim} from './instance-lock.js';
import {type Invocation, planInvocation} from './invocation.js';
import {describeLaunch} from './launch-facts.js';
import {type Reporter, reportTo, reportToNobody} from './launch-report.js';
import {createLockLine, type LockLine} from './lock-line.js';
import {surviveMistakes} from './mistakes.js';
import {type Mode, planPlace} from './mode.js';
import {findObstacle} from './obstacle.js';
import type {ProgramOutput} from './output-port.js';
import {watchPacks} from './pack-watch.js';
import {planHandOver} from './plan-hand-over.js';
import {openProgramOutput} from './program-output.js';
import {chooseReadiness} from './readiness.js';
import {openRecord} from './record.js';
import {dataFilesOf, watchServed} from './served.js';
import {notifyChannelOf, openService} from './service.js';
import {settle} from './settle.js';
import {listenForSignals} from './signals.js';
import {findSocketGroup} from './socket-group.js';
import {sparingSwaps} from './swap-guard.js';
import {chooseVoice, type Voice} from './voice.js';
import {watchWhileNeeded} from './while-needed.js';

export type SupervisorOptions = LaunchOrder & {
	/** The caller's environment; the conf's is added here. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly cwd: string;
	readonly mode: Mode;
	/** Descriptor for launch reports, when a launcher waits for them. */
	readonly reportDescriptor: number | undefined;
	/** How this zeoctl is run, without flags and action; undefined where it cannot be run again. */
	readonly command?: Invocation['command'] | undefined;
	/** Waits for a predecessor's word to take over; its last status. Throws when it has gone. */
	readonly awaitGo?: () => Status;
	readonly version: string;
	readonly writeOutput: (text: string) => void;
	readonly writeError: (text: string) => void;
	/** Called before and after each effect, and between the steps of a start. */
	readonly trace?: {
		readonly effect: NonNullable<Ports['trace']>;
		step(step: SpawnStep | HandOverStep | SuccessionStep): void;
	};
};

/**
 * Is the supervisor of one program until it has nothing left to do; resolves to its exit status. Throws, before
 * anything was started, when the log, the program or the control socket cannot be had.
 */
export const runSupervisor = async (options: SupervisorOptions): Promise<number> => {
	const {reportDescriptor} = options;
	const channel = notifyChannelOf(options.environment);
	const known = [reportDescriptor, channel?.by === 'socket' ? channel.descriptor : undefined];
	closeInheritedDescriptors(known.filter(each => each !== undefined));
	const voice = chooseVoice(options);
	const line = createLockLine();
	const reporter =
		reportDescriptor === undefined ? reportToNobody(voice.writeError) : reportTo(reportDescriptor);
	try {
		return await supervise({...options, ...voice}, line, reporter);
	} catch (error) {
		reporter.refused(error);
		throw error;
	} finally {
		line.leave();
		reporter.close();
	}
};

const supervise = async (
	options: SupervisorOptions & Voice,
	line: LockLine,
	reporter: Reporter,
): Promise<number> => {
	const {settings, cwd, mode, environment, version, writeError, predecessor, isJournal} = options;
	const {runner} = settings;
	let output: ProgramOutput | undefined;
	const log = await loadEventLog({
		settings: settings.eventLog,
		stdout: {
			// In the background, standard output is what the program writes to, as with the original.
			write: (text, level) =>
				output === undefined || mode !== 'detached'
					? options.writeOutput(text, level)
					: output.write(text, level),
		},
		stderr: {
			write: (text, level) =>
				output === undefined ? writeError(text, level) : output.write(text, level),
		},
		isJournal,
		now: Date.now,
		pid: process.pid,
		timeZone: environment['TZ'],
	});
	const attendants = await loadAttendants(settings);
	const argv = [...runner.program, ...options.programArguments];
	const file = locateProgram(argv[0], environment['PATH'], cwd);
	const socketPath = path.resolve(cwd, runner.socketName);
	const place = planPlace(runner, mode, cwd);
	const runDirectory = runDirectoryOf(socketPath);
	const stateDirectory = stateDirectoryOf(settings, {runDirectory, cwd});

	let leave: (code: number) => void = () => undefined;
	const left = new Promise<number>(resolve => {
		leave = resolve;
	});
	const served = watchServed({...options, warn: text => log.warning(text)});
	if (predecessor === undefined)
		beginFirstLocks({line, served, runDirectory, directory: place.directory ?? cwd});
	const control = openControl(version);
	const gid = await findSocketGroup(settings.socketGroup);
	const entrance = await enter({
		path: socketPath,
		...(gid === undefined ? {mode: 0o700} : {mode: 0o770, gid}),
		server: control.server,
		note(text) {
			// The journal has it from the log.
			if (!isJournal) reporter.note(text);
			log.warning(text);
		},
		predecessor,
		reporter,
		taken: () => writePidFile(socketPath),
		awaitGo: options.awaitGo,
		trace: options.trace?.step,
	});
	const programOutput = await releasingOnFailure(entrance, async () => {
		settle(place, mode, log, reporter);
		mkdirSync(runDirectory, {recursive: true, mode: 0o700});
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
			writeError,
		});
	});
	output = programOutput;
	control.server.on('connection', () => programOutput.giveWay?.());
	const programEnv = programEnvironment(environment, settings.environment);
	const planOf = (argv: readonly string[]) => ({
		file,
		argv,
		environment: programEnv,
		// Asked at each start.
		get output() {
			return programOutput.descriptor;
		},
	});
	const plan = planOf(argv);
	const startTest = runner.startTestProgram && planOf(runner.startTestProgram);
	const {server} = options;
	const known = server === 'unreadable' ? undefined : server;
	const {storages} = served.last();
	const databases = guardDatabases({
		settings,
		served,
		stateDirectory,
		cwd,
		mode,
		warn: text => log.warning(text),
	});
	const spawner = createGuardedSpawner({
		plan,
		facts: describeLaunch(options, argv, place),
		runDirectory,
		served,
		line,
		databases,
		prepareOutput: () => programOutput.prepare(),
		markStart: () => programOutput.markStart(),
		lastLines: () => programOutput.lastLines(),
		// At each start and adoption.
		get logFiles() {
			const {descriptor} = programOutput;
			return [
				...(known?.logFiles ?? []).map(file => path.resolve(file)),
				...(typeof descriptor === 'number' ? [`/proc/self/fd/${descriptor}`] : []),
			];
		},
		isServer: known !== undefined,
		write: text => programOutput.write(text),
		warn: text => log.warning(text),
		trace: options.trace?.step,
	});
	const packs = watchPacks({storages, server: known, stateDirectory});
	const supervisor = new Supervisor(
		{
			spawner: sparingSwaps(spawner, () => dataFilesOf(served.last())),
			...(packs && {packs}),
			readiness: chooseReadiness({startTest, server, log}),
			log,
			timers: systemTimers,
			history: openRecord(stateDirectory, runner.backoffLimit, predecessor?.manager),
			clock: systemClock,
			leave,
			...(options.trace && {trace: options.trace.effect}),
		},
		{...runner, stopPackWait: packs === undefined ? 0 : settings.stopPackWait},
		{manager: process.pid, version, filename: file, argv},
	);
	let reopening: Promise<unknown> = Promise.resolve();
	const reopen = async (): Promise<Extract<Reply, {reply: 'reopened'}>> => {
		log.reopen();
		const reopened = programOutput.reopen(supervisor.status().pid);
		reopening = reopened.catch(() => undefined);
		return reopened;
	};
	let claim: SocketClaim | undefined;
	const {command, reading} = options;
	const invocation = command && reading && planInvocation(command, reading, {cwd, environment});
	const obstacle = (): string | undefined => findObstacle(file, served);
	const attendance = attendants.attend({
		...{settings, supervisor, invocation, log, cwd, storages, server: known},
		...{socketPath, runDirectory, stateDirectory},
		obstacle,
		glanceAtOutput: () => programOutput.glance?.(),
	});
	const watchOutput = (): void =>
		void programOutput.watch({
			stateDirectory,
			// Without an event log its warnings would go into the very transcript.
			log: settings.eventLog === undefined && !isJournal ? {warning: () => undefined} : log,
			programPid: () => supervisor.status().pid,
			publish: state => supervisor.noteTranscript(state),
		});
	const service = openService(environment, systemTimers.after);
	supervisor.watch(watchWhileNeeded({begin: watchOutput, end: programOutput.unwatch}));
	const handOver = planHandOver({
		supervisor,
		service,
		invocation,
		mode,
		programArguments: options.programArguments,
		trace: options.trace?.step,
		runDirectory,
		stateDirectory,
		socketPath,
		log,
		claim: () => claim,
		async calm() {
			await reopening;
			await programOutput.rest();
		},
		suspend() {
			attendance.end();
			line.leave();
		},
		resume() {
			writePidFile(socketPath);
			attendance.begin();
		},
		kept: watchOutput,
	});
	control.answerWith(
		answerRequests({
			...{supervisor, spawner, handOver, reopen},
			presentTranscript: async () => programOutput.presentState?.(),
			obstacle,
		}),
	);
	const endSurvival = surviveMistakes(log);
	const ignoreSignals = listenForSignals({
		shutdown(signal) {
			if (!handOver.passSignal(signal)) supervisor.dispatch({event: 'shutdown', signal});
		},
		reopen: () => void reopen(),
	});
	const taken = entrance.takePlace();
	claim = taken.claim;
	if (taken.inherited !== undefined) supervisor.inherit(taken.inherited);
	log.info('daemon manager started');
	supervisor.dispatch({event: 'start'});
	const configuration = followConfiguration({
		supervisor,
		reading,
		invocation,
		outdated: spawner.outdated,
	});
	attendance.begin();
	watchOutput();
	writeLoadedOrder(runDirectory, {settings, server, reading: options.reading, version});
	supervisor.watch(reporter.status);
	supervisor.watch(recordWhenCalm(databases));
	if (predecessor !== undefined) reopening = recoverCut({runDirectory}).catch(() => undefined);
	const serve = (): void =>
		service.begin({
			watch: listener => supervisor.watch(listener),
			isWell: () => !attendance.isStuck(),
		});
	// systemd listens to the predecessor, until that has told it not to.
	const endDelay = systemTimers.after(predecessor === undefined ? 0 : successorSilenceMs, serve);
	const code = await left;
	endDelay();
	if (!handOver.isDone()) service.leave(code);
	configuration.close();
	attendance.end();
	const {phase} = supervisor.state;
	if (code === refusedStatus && phase.name === 'failed') {
		const refusal = new ZeoctlError('START_REFUSED', phase.reason, spawner.advice());
		tellRefusal(refusal, options, reporter);
	}
	if (!handOver.isDone()) {
		spawner.forget();
		removeSnapshot(socketPath);
		removePidFile(socketPath);
		removeLoadedOrder(runDirectory);
	}
	claim.release();
	// Who stops a program may read, move or copy its log right after.
	await control.close(programOutput.close());
	ignoreSignals();
	endSurvival();
	log.close();
	return code;
};

/** Milliseconds in which a predecessor leaves. */
const successorSilenceMs = 1000;

/** Whoever holds a socket but cannot go on must not leave it behind as a stale one. */
const releasingOnFailure = async <Value>(
	claim: Pick<Entrance, 'release'>,
	work: () => Promise<Value>,
): Promise<Value> => {
	try {
		return await work();
	} catch (error) {
		claim.release();
		throw error;
	}
};

/** A launcher gets the refusal as a report; without one it is printed. */
const tellRefusal = (
	refusal: ZeoctlError,
	{reportDescriptor, writeError}: SupervisorOptions & Voice,
	reporter: Reporter,
): void => {
	reporter.refused(refusal);
	const hint = refusal.hint === undefined ? '' : `next: ${refusal.hint}\n`;
	if (reportDescriptor === undefined) writeError(`Error: ${refusal.message}\n${hint}`, 40);
};
