import {writePidFile} from '../control/pid-file.js';
import {systemTimers} from '../platform/clock.js';
import {writeLoadedOrder} from '../supervisor/loaded-order.js';
import {answerRequests} from './answer.js';
import type {Assignment} from './assignment.js';
import {followConfiguration} from './configuration.js';
import type {Crew} from './crew.js';
import {recordWhenCalm} from './database-guard.js';
import type {SocketClaim} from './instance-lock.js';
import type {Reporter} from './launch-report.js';
import type {LockLine} from './lock-line.js';
import {type PlannedHandOver, planHandOver} from './plan-hand-over.js';
import type {Post} from './post.js';
import {openService, type Service} from './service.js';
import type {Signals} from './signals.js';
import type {Speech} from './speech.js';

/** A supervisor that acts: it has the socket, answers, and has its program started. */
export type Duty = {
	readonly claim: SocketClaim;
	/** Whether a successor has the program. */
	isHandedOver(): boolean;
	/** The supervisor leaves with this exit status: nothing is watched or told any more. */
	end(code: number): void;
};

type DutyOptions = {
	readonly assignment: Assignment;
	readonly post: Post;
	readonly crew: Crew;
	readonly line: LockLine;
	readonly speech: Pick<Speech, 'log'>;
	readonly signals: Signals;
	readonly reporter: Reporter;
};

/**
 * Takes the place and begins, in one turn: a successor that has been told to go must act at once. Throws when the
 * place cannot be had any more.
 */
export const beginDuty = (options: DutyOptions): Duty => {
	const {assignment, post, crew, speech, reporter} = options;
	const {environment, predecessor, runDirectory, reading, version} = assignment;
	const {supervisor, attendance, outputCare} = crew;
	const service = openService(environment, systemTimers.after);
	const {claim, inherited} = post.entrance.takePlace();
	const handOver = takeOrders(options, {claim, service});
	if (inherited !== undefined) supervisor.inherit(inherited);
	speech.log.info('daemon manager started');
	supervisor.dispatch({event: 'start'});
	let isOver = false;
	let configuration: ReturnType<typeof followConfiguration> | undefined;
	// Before that, all of it would be time that the program waits.
	void crew.firstStart.then(() => {
		if (isOver) return;
		configuration = followConfiguration({
			supervisor,
			reading,
			invocation: assignment.invocation,
			outdated: crew.starts.outdated,
		});
		attendance.begin(claim.inode);
		outputCare.watch();
		const {settings, loadedServer: server} = assignment;
		writeLoadedOrder(runDirectory, {settings, server, reading, version});
		// After the snapshot: whoever is told that the program is up finds it there.
		supervisor.watch(reporter.status);
		supervisor.watch(recordWhenCalm(crew.databases));
		if (predecessor !== undefined) outputCare.recover();
	});
	// systemd listens to the predecessor, until that has told it not to.
	const endDelay = systemTimers.after(predecessor === undefined ? 0 : successorSilenceMs, () =>
		service.begin({
			watch: listener => supervisor.watch(listener),
			isWell: () => !attendance.isStuck(),
		}),
	);
	return {
		claim,
		isHandedOver: handOver.isDone,
		end(code) {
			endDelay();
			if (!handOver.isDone()) service.leave(code);
			isOver = true;
			configuration?.close();
			attendance.end();
		},
	};
};

/** Milliseconds in which a predecessor leaves. */
const successorSilenceMs = 1000;

/** Requests and signals are acted on from now on, also those that have waited. */
const takeOrders = (
	{assignment, post: {control, output}, crew, line, speech: {log}, signals}: DutyOptions,
	{claim, service}: {readonly claim: SocketClaim; readonly service: Service},
): PlannedHandOver => {
	const {supervisor, attendance, outputCare, starts, obstacle} = crew;
	const {reopen} = outputCare;
	const handOver = planHandOver({
		assignment,
		supervisor,
		service,
		log,
		claim,
		calm: outputCare.rest,
		suspend() {
			attendance.end();
			line.leave();
		},
		resume() {
			writePidFile(assignment.socketPath);
			attendance.begin(claim.inode);
		},
		kept: outputCare.watch,
	});
	control.answerWith(
		answerRequests({
			supervisor,
			spawner: starts,
			handOver,
			reopen,
			presentTranscript: async () => output.presentState?.(),
			obstacle,
		}),
	);
	signals.answerWith({
		shutdown(signal) {
			if (!handOver.passSignal(signal)) supervisor.dispatch({event: 'shutdown', signal});
		},
		reopen: () => void reopen(),
	});
	return handOver;
};
