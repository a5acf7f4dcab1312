import {connect} from '../control/client.js';
import type {Asker, Reply, Request} from '../control/messages.js';
import {appendHistory} from '../history/history.js';
import {systemClock} from '../platform/clock.js';
import {readProgramRecord} from '../program/program-record.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {Assignment} from './assignment.js';
import type {EventLog} from './event-log.js';
import {createHandOver, type HandOver} from './hand-over.js';
import type {SocketClaim} from './instance-lock.js';
import type {Mode} from './mode.js';
import {readOrder} from './read-order.js';
import type {Service} from './service.js';
import {startSuccessor} from './successor.js';

/** A request that changes something about the program. */
export type ProgramRequest = Exclude<Request, {request: 'status' | 'subscribe' | 'reload'}>;

/** The hand-over of one supervisor, and what it means for those who ask meanwhile. */
export type PlannedHandOver = Pick<HandOver, 'begin'> & {
	/** Undefined when the request is ours to act on; else the successor's reply. */
	passOn(request: ProgramRequest, asker: Asker): Promise<Reply | undefined>;
	/** Whether a signal that asks the supervisor to end is left to whoever will have the program. */
	passSignal(signal: NodeJS.Signals): boolean;
	/** Whether a successor has the program. */
	isDone(): boolean;
};

type PlanOptions = {
	readonly assignment: Assignment;
	readonly supervisor: Supervisor;
	readonly service: Service;
	readonly log: EventLog;
	readonly claim: SocketClaim;
	readonly calm: () => Promise<unknown>;
	readonly suspend: () => void;
	readonly resume: () => void;
	/** It has failed, and the program stays ours. */
	readonly kept: () => void;
};

/** Milliseconds for the successor's answer. */
const relayMs = 5000;

/** Connects the hand-over with the parts of a supervisor. */
export const planHandOver = (options: PlanOptions): PlannedHandOver => {
	const {assignment, supervisor, service, log, claim} = options;
	const {invocation, mode, programArguments} = assignment;
	const {socketPath, runDirectory, stateDirectory} = assignment;
	let isDone = false;
	let successor = 0;
	const handOver = createHandOver({
		status: () => supervisor.status(),
		objection: () => objection(supervisor, runDirectory, canLeave(mode, service)),
		predecessor: program => ({
			manager: process.pid,
			program,
			socketPath,
			socket: claim.inode,
		}),
		async readOrder(signal) {
			if (invocation === undefined) throw new Error(notByStart);
			return readOrder(invocation, programArguments, signal);
		},
		async startSuccessor(text, predecessor) {
			if (invocation === undefined) throw new Error(notByStart);
			const started = await startSuccessor({
				invocation,
				programArguments,
				order: text,
				predecessor,
				runDirectory,
				channel: service.channel,
			});
			successor = started.pid;
			return started;
		},
		calm: options.calm,
		suspend() {
			const kept = claim.keep();
			supervisor.hold();
			options.suspend();
			return kept;
		},
		resume() {
			options.resume();
			supervisor.resume();
		},
		leave() {
			isDone = true;
			service.given(successor);
			supervisor.leaveToSuccessor();
		},
		note(state, reason) {
			const at = systemClock.unixSeconds();
			supervisor.note({handover: {state, at, reason}});
			if (state === 'under-way') service.reloading();
			if (state === 'failed') service.kept();
			if (reason === null) return;
			options.kept();
			claim.tidy();
			log.warning(`cannot reload: ${reason}`);
			appendHistory(stateDirectory, {
				at,
				event: 'decision',
				decision: 'reload-failed',
				subject: 'supervisor',
				description: reason,
			});
		},
		trace: assignment.trace?.step,
	});
	return {
		begin: handOver.begin,
		async passOn(request, asker) {
			if (request.request === 'stop' || request.request === 'restart') {
				handOver.cancel(`a ${request.request} was asked for meanwhile`);
			}
			const given = await handOver.settled();
			return given && relay({request, asker, socketPath});
		},
		passSignal(signal) {
			handOver.cancel(`${signal} came meanwhile`);
			const settled = handOver.settled();
			void settled?.then(given => {
				if (given) process.kill(given.successor, signal);
				else supervisor.dispatch({event: 'shutdown', signal});
			});
			return settled !== undefined;
		},
		isDone: () => isDone,
	};
};

/** systemd can be told who the main process of a service is. */
const canLeave = (mode: Mode, service: Service): boolean =>
	mode === 'detached' || (mode === 'foreground' && service.channel !== undefined);

const notByStart =
	"it was not started by 'zeoctl start' or as a service that notifies systemd, so whoever started it would take its leaving for the end of the service";

const objection = (
	supervisor: Supervisor,
	runDirectory: string,
	canLeave: boolean,
): string | undefined => {
	if (!canLeave) return notByStart;
	const {phase} = supervisor.state;
	const {state, pid} = supervisor.status();
	if (phase.name === 'awaiting-pack') {
		return 'a stop or restart of the program waits for a pack: reload when that is over';
	}
	if (phase.name !== 'running') {
		return `the program is not running (${state}), and only a running one can be given away`;
	}
	const record = readProgramRecord(runDirectory);
	return typeof record === 'object' && record.pid === pid
		? undefined
		: `there is no record of the program in ${runDirectory} that a new supervisor could find it by`;
};

const relay = async ({
	request,
	asker,
	socketPath,
}: {
	readonly request: ProgramRequest;
	readonly asker: Asker;
	readonly socketPath: string;
}): Promise<Reply> => {
	const contact = await connect({socketPath, asker, timeoutMs: relayMs});
	if (contact.contact !== 'session') return {reply: 'refused', reason: 'the supervisor has left'};
	try {
		return await contact.session.ask(request);
	} finally {
		contact.session.close();
	}
};
