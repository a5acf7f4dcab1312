import {removePidFile} from '../control/pid-file.js';
import {removeSnapshot} from '../control/snapshot.js';
import {ZeoctlError} from '../platform/errors.js';
import {removeLoadedOrder} from '../supervisor/loaded-order.js';
import {refusedStatus} from '../supervisor/machine.js';
import {type Assignment, planAssignment} from './assignment.js';
import {loadAttendants} from './attendants.js';
import {assembleCrew} from './crew.js';
import {closeInheritedDescriptors} from './descriptors.js';
import {beginDuty} from './duty.js';
import type {Entrance} from './entrance.js';
import {
	type Reporter,
	reportToLauncher,
	reportToNobody,
	reportToPredecessor,
} from './launch-report.js';
import {createLockLine, type LockLine} from './lock-line.js';
import {surviveMistakes} from './mistakes.js';
import {takePost} from './post.js';
import {watchServed} from './served.js';
import {notifyChannelOf} from './service.js';
import {listenForSignals} from './signals.js';
import {openSpeech} from './speech.js';
import type {SupervisorOptions} from './supervisor-options.js';
import {chooseVoice, type Voice} from './voice.js';

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
	const reporter = chooseReporter(options, voice);
	try {
		return await supervise(options, {voice, line, reporter});
	} catch (error) {
		reporter.refused(error);
		throw error;
	} finally {
		line.leave();
		await reporter.close();
	}
};

const chooseReporter = (
	{reportDescriptor, predecessor}: SupervisorOptions,
	{say}: Voice,
): Reporter => {
	if (reportDescriptor === undefined) return reportToNobody(say);
	return predecessor === undefined
		? reportToLauncher(reportDescriptor)
		: reportToPredecessor(reportDescriptor);
};

type Surroundings = {readonly voice: Voice; readonly line: LockLine; readonly reporter: Reporter};

const supervise = async (
	options: SupervisorOptions,
	{voice, line, reporter}: Surroundings,
): Promise<number> => {
	const speech = await openSpeech({...options, voice});
	const {log} = speech;
	const attendants = await loadAttendants(options.settings);
	const assignment = planAssignment(options);
	const served = watchServed({...options, warn: text => log.warning(text)});
	const post = await takePost({assignment, served, line, speech, reporter});
	const {control, output} = post;
	speech.followOutput(output);
	const crew = releasingOnFailure(post.entrance, () =>
		assembleCrew({assignment, served, line, output, speech, attendants, reporter}),
	);
	const endSurvival = surviveMistakes(log);
	const signals = listenForSignals();
	const duty = beginDuty({assignment, post, crew, line, speech, signals, reporter});

	const code = await crew.left;
	duty.end(code);
	const {phase} = crew.supervisor.state;
	if (code === refusedStatus && phase.name === 'failed')
		tellRefusal(phase.reason, crew.starts.advice(), {assignment, voice, reporter});
	if (!duty.isHandedOver()) {
		crew.starts.forget();
		if (!duty.claim.isTaken()) forgetInstance(assignment);
	}
	duty.claim.release();
	// Who stops a program may read, move or copy its log right after.
	await control.close(output.close());
	signals.close();
	endSurvival();
	log.close();
	return code;
};

/** Whoever holds a socket but cannot go on must not leave it behind as a stale one. */
const releasingOnFailure = <Value>(
	entrance: Pick<Entrance, 'release'>,
	work: () => Value,
): Value => {
	try {
		return work();
	} catch (error) {
		entrance.release();
		throw error;
	}
};

/** A launcher gets the refusal as a report; without one it is printed. */
const tellRefusal = (
	reason: string,
	advice: {readonly hint?: string},
	{
		assignment,
		voice,
		reporter,
	}: {readonly assignment: Assignment} & Pick<Surroundings, 'voice' | 'reporter'>,
): void => {
	const refusal = new ZeoctlError('START_REFUSED', reason, advice);
	reporter.refused(refusal);
	const hint = refusal.hint === undefined ? '' : `next: ${refusal.hint}\n`;
	if (assignment.reportDescriptor === undefined)
		voice.say(`Error: ${refusal.message}\n${hint}`, 40);
};

/** What tells others of a supervisor is taken away when nobody follows it. */
const forgetInstance = ({socketPath, runDirectory}: Assignment): void => {
	removeSnapshot(socketPath);
	removePidFile(socketPath);
	removeLoadedOrder(runDirectory);
};
