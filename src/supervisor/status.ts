import type {
	Configuration,
	Handover,
	Health,
	LastExit,
	StateName,
	Status,
	TranscriptState,
} from '../control/messages.js';
import type {Phase, State} from './state.js';

/** What the machine does not know but a status tells. Times are Unix seconds. */
export type StatusFacts = {
	readonly manager: number;
	readonly version: string;
	readonly now: number;
	readonly since: number;
	readonly lastStart: number;
	readonly lastExitAt: number;
	readonly timerDue: number;
	readonly backoffLimit: number;
	readonly filename: string;
	readonly argv: readonly string[];
	readonly isTest: boolean;
	readonly lastOutput: readonly string[];
} & Notes;

/** What others have found out about a program and its supervisor; null where nobody has looked. */
export type Notes = {
	readonly health: Health | null;
	readonly transcript: TranscriptState | null;
	readonly configuration: Configuration | null;
	readonly handover: Handover | null;
};

/** The snapshot that both control protocols are written from. */
export const describeStatus = (state: State, facts: StatusFacts): Status => {
	const {phase} = state;
	return {
		state: stateName(phase),
		wanted: state.wanted,
		readiness: facts.isTest && 'pid' in phase ? readiness(phase, facts.health) : 'unknown',
		testing: facts.isTest && phase.name === 'starting',
		pid: livePid(phase),
		manager: facts.manager,
		version: facts.version,
		now: facts.now,
		since: facts.since,
		lastStart: facts.lastStart,
		restarts: state.restarts,
		backoff: state.backoff,
		backoffLimit: facts.backoffLimit,
		delayUntil: facts.timerDue,
		filename: facts.filename,
		argv: facts.argv,
		lastExit: lastExit(state, facts.lastExitAt),
		reason: reason(phase),
		lastOutput: facts.lastOutput,
		adopted: state.adopted && 'pid' in phase,
		health: facts.health,
		transcript: facts.transcript,
		configuration: facts.configuration,
		handover: facts.handover,
	};
};

const stateName = ({name}: Phase): StateName => {
	if (name === 'awaiting-pack') return 'stopping';
	return name === 'spawning' ? 'starting' : name;
};

const reason = (phase: Phase): string | null => {
	if (phase.name === 'failed') return phase.reason;
	if (phase.name !== 'awaiting-pack') return null;
	if (phase.packs.length === 0) return 'looks whether a pack is under way';
	const packs = `the pack of storage ${phase.packs.join(', ')}`;
	return phase.isBreakingOff ? `breaks off ${packs}` : `waits for ${packs}`;
};

const readiness = ({name}: Phase, health: Health | null): Status['readiness'] =>
	name === 'running' && health?.verdict !== 'unready' && health?.verdict !== 'failed'
		? 'ready'
		: 'unready';

/** Null once the leader has ended, also while the rest of its group is still being ended. */
const livePid = (phase: Phase): number | null =>
	'pid' in phase && !('ended' in phase && phase.ended !== null) ? phase.pid : null;

const lastExit = ({lastExit: life}: State, at: number): LastExit | null =>
	life === null
		? null
		: {
				at,
				pid: life.pid,
				code: life.code,
				signal: life.signal,
				uptime: life.uptimeMs / 1000,
				expected: life.expected,
				description: life.description,
			};
