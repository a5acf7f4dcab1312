import {leaveSnapshots} from '../control/snapshot.js';
import {systemTimers} from '../platform/clock.js';
import type {ServerSettings, Settings, StorageSettings} from '../settings/settings.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {EventLog} from './event-log.js';
import type {Invocation} from './invocation.js';
import {watchReports} from './reports.js';

/** What is looked after, and where. */
type Attended = {
	readonly settings: Settings;
	/** `zeoctl` for the instance, for advice. */
	readonly ownCommand: readonly string[];
	readonly supervisor: Supervisor;
	/** Undefined where zeoctl cannot be called again: then nothing is packed or mailed. */
	readonly invocation: Invocation | undefined;
	readonly log: EventLog;
	readonly cwd: string;
	/** All storages of the server. */
	readonly storages: readonly StorageSettings[];
	/** Undefined of a program that is no ZEO server, or whose conf cannot be read. */
	readonly server: ServerSettings | undefined;
	readonly socketPath: string;
	readonly runDirectory: string;
	readonly stateDirectory: string;
	/** Why the program could not be started again now; undefined where nothing is known. */
	readonly obstacle: () => string | undefined;
	/** To be called now and then: the program may write its output in vain. */
	readonly glanceAtOutput: () => void;
};

type Part = {close(): unknown};

/** What goes on while the program is in the care of this supervisor. */
export type Attendance = {
	/** With the inode of the control socket. */
	begin(socket: number): void;
	/** At the end, and for the time of a hand-over. */
	end(): void;
	/** Whether the last look at the program's health has not come to an end. */
	isStuck(): boolean;
};

/**
 * Loads what looks after a program: health, monitor port, packs and mail. What costs memory is loaded only where the
 * conf asks for it, and before the socket is taken.
 */
export const loadAttendants = async (
	settings: Pick<Settings, 'packs' | 'health' | 'monitor'>,
): Promise<{attend(attended: Attended): Attendance}> => {
	const packing = settings.packs.length > 0 ? await import('./pack-schedule.js') : undefined;
	const watching = settings.health === undefined ? undefined : await import('./health.js');
	const monitoring = settings.monitor === undefined ? undefined : await import('./monitor.js');
	return {
		attend(attended) {
			const {supervisor, invocation} = attended;
			let parts: readonly Part[] = [];
			let health: ReturnType<NonNullable<typeof watching>['watchHealth']> | undefined;

			const start = (socket: number): readonly (Part | undefined)[] => {
				health = watching?.watchHealth(attended);
				return [
					leaveSnapshots({
						socketPath: attended.socketPath,
						socket,
						after: systemTimers.after,
						watch: listener => supervisor.watch(listener),
					}),
					health,
					monitoring?.serveMonitor({
						monitor: attended.settings.monitor,
						server: attended.server,
						isUp: () => supervisor.status().pid !== null,
						log: attended.log,
					}),
					invocation && attended.settings.mail && watchReports({...attended, invocation}),
					invocation &&
						packing?.schedulePacks({
							...attended,
							invocation,
							isWanted: () => supervisor.state.wanted === 'up',
							isServing: () => supervisor.state.phase.name === 'running',
						}),
				];
			};

			return {
				begin(socket) {
					parts = start(socket).filter(part => part !== undefined);
				},
				end() {
					for (const part of parts) part.close();
					parts = [];
				},
				isStuck: () => health?.isStuck() ?? false,
			};
		},
	};
};
