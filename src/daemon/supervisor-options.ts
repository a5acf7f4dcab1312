import type {Status} from '../control/messages.js';
import type {Ports} from '../supervisor/ports.js';
import type {LaunchOrder} from '../supervisor/report.js';
import type {SuccessionStep} from './entrance.js';
import type {SpawnStep} from './guarded-spawner.js';
import type {HandOverStep} from './hand-over.js';
import type {Invocation} from './invocation.js';
import type {Mode} from './mode.js';

/** What whoever becomes a supervisor tells it. */
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
