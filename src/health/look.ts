import {readProcessStat} from '../platform/process-stat.js';
import type {HealthSettings, ServerSettings} from '../settings/settings.js';
import type {ServedFile} from '../storage/served-file.js';
import {type Finding, findServerAlarms} from './alarms.js';
import {planTargets} from './connect-targets.js';
import {measureRooms} from './file-systems.js';
import {createLogReader} from './log-reader.js';
import {findLostFileAlarms} from './lost-files.js';
import {findObstacleAlarms} from './obstacle-alarm.js';
import {type Evidence, type Phase, type StorageEvidence, seePhase} from './phase.js';
import {type ProbeResult, probeServer} from './probe.js';
import {readDescriptors, readEffort, readStorages} from './process-evidence.js';
import {findResourceAlarms} from './resource-alarms.js';
import type {Look, ProgramLook} from './thresholds.js';

/** A program as its supervisor knows it. */
export type WatchedProgram = Omit<ProgramLook, 'processState'>;

/** Takes one look. Rejects only with the reason of the signal. */
export type TakeLook = (program: WatchedProgram, signal: AbortSignal) => Promise<Look>;

export type LookOptions = {
	readonly settings: HealthSettings;
	/** Undefined when the program is not known to be a ZEO server: nobody is asked then. */
	readonly server: ServerSettings | undefined;
	/** Paths whose file systems need room. */
	readonly paths: readonly string[];
	/** The data files of the server whose paths do not lead to them any more. Never rejects. */
	readonly findLostFiles: (pid: number) => Promise<readonly ServedFile[]>;
	/** Why the program could not be started again now; undefined where nothing is in the way. */
	readonly findObstacle: () => string | undefined;
	/** `zeoctl` with its conf, for advice. */
	readonly command: readonly string[];
	readonly unixSeconds: () => number;
};

/** Looks at a server in all ways that there are, remembering what the look before saw. */
export const createLook = (options: LookOptions): TakeLook => {
	const {settings, server, paths, findObstacle, command, unixSeconds} = options;
	const measure = createPatientReader(() => measureRooms(paths), []);
	let findLost = createLostFileReader(options, null);
	let watch = createPhaseWatch(server);
	let lastPid: number | null = null;
	return async (program, signal) => {
		const {pid} = program;
		if (pid !== lastPid) {
			watch = createPhaseWatch(server);
			findLost = createLostFileReader(options, pid);
		}
		lastPid = pid;
		const rooms = await measure();
		const probe = await askServer({program, server, settings, signal});
		const phase = pid === null ? idle : await watch(pid, program, probe);
		const now = unixSeconds();
		const descriptors = pid === null ? undefined : readDescriptors(pid);
		const findings: Finding[] = [
			...(probe && server ? findServerAlarms({probe, server, settings, now}) : []),
			...(probe && probe.probe !== 'ready' ? findObstacleAlarms(findObstacle(), command) : []),
			...findLostFileAlarms(await findLost(), command),
			...findResourceAlarms({rooms, descriptors}, settings),
		];
		const processState = pid === null ? undefined : readProcessStat(pid)?.state;
		return {now, program: {...program, processState}, probe, phase, findings};
	};
};

const createLostFileReader = ({findLostFiles}: LookOptions, pid: number | null) =>
	createPatientReader(async () => (pid === null ? [] : findLostFiles(pid)), []);

const idle: Phase = {activities: [], isProgressing: false};

const askServer = async ({
	program: {pid, state},
	server,
	settings: {timeLimit},
	signal,
}: {
	readonly program: WatchedProgram;
	readonly server: ServerSettings | undefined;
	readonly settings: HealthSettings;
	readonly signal: AbortSignal;
}): Promise<ProbeResult | undefined> => {
	const isThere = pid !== null && (state === 'starting' || state === 'running');
	return isThere && server !== undefined && planTargets(server.zeo.address).length > 0
		? probeServer(server, {timeoutMs: timeLimit * 1000, signal})
		: undefined;
};

type PhaseWatch = (
	pid: number,
	program: WatchedProgram,
	probe: ProbeResult | undefined,
) => Promise<Phase>;

/** Follows one life of a server. Looks closely only where there is a sign of long work, or no answer. */
const createPhaseWatch = (server: ServerSettings | undefined): PhaseWatch => {
	const log = createLogReader();
	let before: Evidence | undefined;
	return async (pid, program, probe) => {
		if (server === undefined) return idle;
		const packsInLog = log.read(server.logFiles?.[0] ?? `/proc/${pid}/fd/2`).size;
		const isStarting = program.state === 'starting' && probe?.probe === 'absent';
		const isSuspect = packsInLog > 0 || probe?.probe !== 'ready';
		const read = createPatientReader(() => seeStorages(pid, server, isSuspect), undefined);
		const storages = await read();
		if (storages === undefined) return idle;
		const now: Evidence = {isStarting, storages, packsInLog, ...readEffort(pid)};
		const phase = seePhase(before, now);
		before = now;
		return phase;
	};
};

const seeStorages = async (
	pid: number,
	{storages}: ServerSettings,
	isSuspect: boolean,
): Promise<readonly StorageEvidence[]> => {
	const seen = await readStorages(pid, storages, isSuspect);
	const isPacking = !isSuspect && seen.some(({packBytes}) => packBytes !== null);
	return isPacking ? readStorages(pid, storages, true) : seen;
};

/** What file systems may take to answer, in milliseconds. */
const patienceMs = 500;

/**
 * Reads with a limit: what does not answer in time is not asked again until it has, and counts as what it was
 * before. The supervisor must not wait for the dead file system that its server waits for.
 */
const createPatientReader = <Value>(
	read: () => Promise<Value>,
	first: Value,
): (() => Promise<Value>) => {
	let known = first;
	let reading: Promise<void> | undefined;
	return async () => {
		reading ??= read().then(value => {
			known = value;
			reading = undefined;
		});
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>(resolve => {
			timer = setTimeout(resolve, patienceMs);
		});
		await Promise.race([reading, late]).finally(() => clearTimeout(timer));
		return known;
	};
};
