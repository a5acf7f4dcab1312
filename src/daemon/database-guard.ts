import path from 'node:path';
import type {Status} from '../control/messages.js';
import {checkDatabases, recordDatabases} from '../guard/check-databases.js';
import {currentUser, type ServerUser} from '../guard/place-facts.js';
import {appendHistory} from '../history/history.js';
import {systemClock} from '../platform/clock.js';
import {serverPlace} from '../settings/server-place.js';
import type {Settings} from '../settings/settings.js';
import {fileStorage} from '../storage/zeo.js';
import type {Mode} from './mode.js';
import type {ServedWatch} from './served.js';

/** Watches over what the databases were when they were last seen. */
export type DatabaseGuard = {
	/** Why the program must not be started on its databases; undefined when it may. */
	check(): Promise<{readonly reason: string; readonly hint: string} | undefined>;
	/** Notes what the databases are now, in the ledgers beside them. */
	record(why: 'ready' | 'end'): void;
};

type DatabaseGuardOptions = {
	readonly settings: Settings;
	readonly ownCommand: readonly string[];
	readonly served: Pick<ServedWatch, 'last'>;
	readonly stateDirectory: string;
	readonly cwd: string;
	readonly mode: Mode;
	readonly warn: (text: string) => void;
};

/** The guard of the databases of one program; warnings go to the event log and the history. */
export const guardDatabases = (options: DatabaseGuardOptions): DatabaseGuard => {
	const {settings, ownCommand, served, stateDirectory, cwd, mode, warn} = options;
	const place = {
		...serverPlace(settings, cwd),
		...(mode === 'attached' && {directory: path.resolve(cwd)}),
		kind: fileStorage,
		command: ownCommand,
	};
	const tell = (subject: string, description: string): void => {
		warn(`storage '${subject}': ${description}`);
		appendHistory(stateDirectory, {
			at: systemClock.unixSeconds(),
			event: 'decision',
			decision: 'start-with-warning',
			subject,
			description,
		});
	};
	let user: ServerUser | undefined;
	return {
		async check() {
			const {storages} = served.last();
			if (storages.length === 0) return undefined;
			// This process stays who it is, and the list of accounts is not worth a read at each restart.
			user ??= await currentUser();
			const {refusals, warnings} = await checkDatabases(
				{storages},
				{...place, user, isNamed: settings.runner.user !== undefined, isRoot: user.uid === 0},
			);
			const [refusal] = refusals;
			if (refusal !== undefined) return refusal;
			for (const {storage, reason} of warnings) tell(storage, reason);
			return undefined;
		},
		record(why) {
			void recordDatabases(served.last(), {...place, why}).then(troubles => {
				for (const trouble of troubles) warn(trouble);
			});
		},
	};
};

/**
 * The ledgers are written where it delays nobody: once a program serves, and when none will follow at once. Whoever had
 * no program alive, be it that its start was refused, never had the databases: somebody else may have them.
 */
export const recordWhenCalm = (
	databases: Pick<DatabaseGuard, 'record'>,
): ((status: Pick<Status, 'state' | 'pid'>) => void) => {
	let last: Status['state'] = 'stopped';
	let hasLived = false;
	return ({state, pid}) => {
		const isNews = state !== last;
		last = state;
		if (pid !== null) hasLived = true;
		else if (state === 'starting') hasLived = false;
		if (!isNews) return;
		if (state === 'running') setImmediate(() => databases.record('ready'));
		if (!hasLived || !isRest(state)) return;
		hasLived = false;
		databases.record('end');
	};
};

const isRest = (state: Status['state']): boolean =>
	state === 'backoff' || state === 'stopped' || state === 'failed';
