import type {Alarm, Health, Status} from '../control/messages.js';
import {listGroup} from '../guard/program-group.js';
import {rememberedInode} from '../guard/remembered-inode.js';
import {listPaths} from '../health/file-systems.js';
import {createLook, type WatchedProgram} from '../health/look.js';
import {type Prober, startProber} from '../health/prober.js';
import type {Action} from '../health/thresholds.js';
import {appendHistory} from '../history/history.js';
import {systemClock, systemTimers} from '../platform/clock.js';
import {presentFolder} from '../platform/present-folder.js';
import type {ServerSettings, Settings} from '../settings/settings.js';
import {createLostFileWatch} from '../storage/lost-file-watch.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import type {EventLog} from './event-log.js';

/** The same alarm is not kept in the history more often than this. In seconds. */
const alarmSilence = 3600;

/** The watch over the health of a program. */
type HealthWatch = {
	/** Whether a look at the program does not come to its end, which no program can cause. */
	isStuck(): boolean;
	close(): void;
};

/** Watches the health of a program where the conf has a `<health>` section. */
export const watchHealth = (options: {
	readonly settings: Settings;
	readonly ownCommand: readonly string[];
	readonly server: ServerSettings | 'unreadable' | undefined;
	readonly supervisor: Supervisor;
	readonly stateDirectory: string;
	readonly log: EventLog;
	readonly cwd: string;
	/** Why the program could not be started again now. */
	readonly obstacle: () => string | undefined;
	/** Called once in every interval. */
	readonly glanceAtOutput: () => void;
}): HealthWatch => {
	const {settings, supervisor, stateDirectory, log, cwd, obstacle, glanceAtOutput} = options;
	const server = options.server === 'unreadable' ? undefined : options.server;
	const {health, runner} = settings;
	if (health === undefined) return {isStuck: () => false, close: () => undefined};
	const tell = createTeller(stateDirectory, log);
	const takeLook = createLook({
		settings: health,
		server,
		paths: listPaths(settings, server, cwd),
		findLostFiles: createLostFileWatch({
			storages: server?.storages ?? settings.storages,
			listProcesses: listGroup,
			directory: presentFolder(),
			recordedInode: rememberedInode(stateDirectory),
		}),
		findObstacle: obstacle,
		command: options.ownCommand,
		unixSeconds: systemClock.unixSeconds,
	});
	const prober = startProber({
		takeLook(program, signal) {
			glanceAtOutput();
			return takeLook(program, signal);
		},
		limits: {
			failures: health.failures,
			action: health.action,
			startTimeout: runner.startTimeout,
			stopTimeout: runner.stopTimeout,
		},
		intervalMs: health.interval * 1000,
		after: systemTimers.after,
		...systemClock,
		onHealth(found) {
			tell.health(found, supervisor.status().pid);
			supervisor.note({health: found});
		},
		onAction(action) {
			tell.action(action);
			if (action.action === 'restart') supervisor.restartSick(action.pid, action.reason);
			else supervisor.killSick(action.pid);
		},
	});
	// A look asks once, with a time limit, and waits for file systems half a second each.
	const mostMs = health.timeLimit * 2000 + 30_000;
	return {isStuck: () => prober.lookingMs() > mostMs, ...follow(supervisor, prober)};
};

/** A look may change the status that is being announced: it is taken afterwards. */
const follow = (supervisor: Supervisor, prober: Prober): {close(): void} => {
	const unwatch = supervisor.watch(status => {
		queueMicrotask(() => prober.update(programOf(status)));
	});
	return {
		close() {
			unwatch();
			prober.close();
		},
	};
};

const programOf = ({pid, state, lastStart}: Status): WatchedProgram => {
	if (pid === null) return {pid, state: 'down', startedAt: lastStart};
	const isUp = state === 'starting' || state === 'running';
	return {pid, state: isUp ? state : 'ending', startedAt: lastStart};
};

/** Keeps what was found in the history and in the event log; progress and what is well again only in the status. */
const createTeller = (stateDirectory: string, log: EventLog) => {
	let last: Health['verdict'] = 'unknown';
	/** Several of a kind differ in their words, one of them perhaps in its numbers. */
	const told = new Map<string, number>();
	const tellAlarm = ({alarm, level, text, advice}: Alarm, at: number): void => {
		const key = `${alarm} ${text.replaceAll(/\d+/g, '')}`;
		if (level === 'notice' || at - (told.get(key) ?? 0) < alarmSilence) return;
		told.set(key, at);
		appendHistory(stateDirectory, {at, event: 'alarm', alarm, text});
		log.warning(`health: ${text}${advice === null ? '' : ` (${advice})`}`);
	};
	return {
		health({verdict, reason, alarms}: Health, pid: number | null): void {
			const at = systemClock.unixSeconds();
			for (const alarm of alarms) tellAlarm(alarm, at);
			if (verdict === last) return;
			const isNews = verdict === 'failed' || (verdict === 'ready' && last === 'failed');
			last = verdict === 'unready' && last === 'failed' ? last : verdict;
			if (!isNews) return;
			appendHistory(stateDirectory, {at, event: 'health', verdict, reason, pid});
			if (verdict === 'failed') log.error(`health: ${reason ?? 'the server is sick'}`);
			else log.info('health: the server answers again');
		},
		action({action, pid, reason}: Action): void {
			const at = systemClock.unixSeconds();
			appendHistory(stateDirectory, {
				at,
				event: 'decision',
				decision: action,
				subject: `pid ${pid}`,
				description: reason,
				by: 'health',
			});
			log.warning(`health: ${action} pid=${pid}: ${reason}`);
		},
	};
};
