import {listensAnywhere, whoseListener} from '../guard/holders.js';
import {planTargets} from '../health/connect-targets.js';
import {type ProbeResult, probeServer} from '../health/probe.js';
import {waitUntilReady} from '../health/wait-until-ready.js';
import {monotonicMs} from '../platform/clock.js';
import {outlivesTrial} from '../program/alive.js';
import {passesStartTest, type StartTest} from '../program/start-test.js';
import type {ServerSettings} from '../settings/settings.js';
import type {EventRecorder, Readiness} from '../supervisor/ports.js';

/** Milliseconds that one `ruok` may take while a server starts. */
const probeTimeoutMs = 5000;

/** A server that listens where it cannot be seen counts as started after so many milliseconds. */
const unseenServerMs = 10_000;

/**
 * What "started" means for this program: that its own test program is passed, if there is one that can be run, else
 * what it means without one. A test that cannot be run is told, and is no reason to call a server that serves not started.
 */
export const chooseReadiness = ({
	startTest,
	server,
	log,
	tell,
}: {
	readonly startTest: StartTest | undefined;
	readonly server: ServerSettings | 'unreadable' | undefined;
	readonly log: EventRecorder;
	/** Says something to who waits for the start. */
	readonly tell: (text: string) => void;
}): Readiness => {
	const untested = chooseUntested(server);
	if (startTest === undefined) return untested;
	let isTold = false;
	return {
		isTest: true,
		async wait(pid, signal, hasFailed, executedMs) {
			const report = (outcome: string): void => log.debug(`start test ${outcome}`);
			const failure = await passesStartTest(startTest, report, signal);
			if (failure === undefined) return;
			const trouble = `can't exec start-test-program '${startTest.argv[0]}': ${failure}`;
			log.critical(`start test raised: ${trouble}`);
			if (!isTold) tell(`${trouble}; the start is judged without it`);
			isTold = true;
			await untested.wait(pid, signal, hasFailed, executedMs);
		},
	};
};

/**
 * The answer of the ZEO server that it is (or, where its conf is unreadable, that it listens somewhere), else staying
 * alive for a moment.
 */
const chooseUntested = (server: ServerSettings | 'unreadable' | undefined): Readiness => {
	if (server === undefined) return {isTest: false, wait: outlivesTrial};
	const hasAddress = server !== 'unreadable' && planTargets(server.zeo.address).length > 0;
	return {
		isTest: true,
		async wait(pid, signal) {
			const probe = hasAddress
				? async (signal: AbortSignal) => probeProgram(pid, server, signal)
				: lookForListener(pid);
			await waitUntilReady({probe, signal});
		},
	};
};

/** Where the address is not known, a server that listens anywhere is the best that can be seen of one that serves. */
const lookForListener = (pid: number): (() => Promise<ProbeResult>) => {
	const deadline = monotonicMs() + unseenServerMs;
	return async () =>
		listensAnywhere(pid) || monotonicMs() > deadline
			? {probe: 'ready', storages: undefined}
			: {probe: 'absent', problem: 'down', reason: 'the program does not listen yet'};
};

/** A server that answers at the address is ready only if it is this program: another may have been there before. */
const probeProgram = async (
	pid: number,
	server: ServerSettings,
	signal: AbortSignal,
): Promise<ProbeResult> => {
	const found = await probeServer(server, {timeoutMs: probeTimeoutMs, signal});
	const [address] = planTargets(server.zeo.address);
	if (found.probe !== 'ready' || address === undefined) return found;
	const isOther = (await whoseListener({pid, address})) === 'other';
	return isOther
		? {probe: 'unready', problem: 'foreign', reason: 'another process answers at the address'}
		: found;
};
