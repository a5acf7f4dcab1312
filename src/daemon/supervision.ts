import {systemClock, systemTimers} from '../platform/clock.js';
import {renderShellCommand} from '../platform/shell-word.js';
import {Supervisor} from '../supervisor/supervisor.js';
import type {Assignment} from './assignment.js';
import type {EventLog} from './event-log.js';
import type {Reporter} from './launch-report.js';
import {watchPacks} from './pack-watch.js';
import {chooseReadiness} from './readiness.js';
import {openRecord} from './record.js';
import type {ServedWatch} from './served.js';
import type {Starts} from './starts.js';

/** A supervisor, and when it is done. */
export type Supervision = {
	readonly supervisor: Supervisor;
	/** Resolves to the exit status when there is nothing left to do. */
	readonly left: Promise<number>;
};

/** Connects the supervisor of a program with its history, its packs, its readiness and the clock. Starts nothing. */
export const openSupervision = ({
	assignment,
	starts: {spawner, startTest},
	served,
	log,
	reporter,
}: {
	readonly assignment: Assignment;
	readonly starts: Pick<Starts, 'spawner' | 'startTest'>;
	readonly served: Pick<ServedWatch, 'last'>;
	readonly log: EventLog;
	readonly reporter: Pick<Reporter, 'note'>;
}): Supervision => {
	const {settings, file, argv, server, loadedServer, stateDirectory, version} = assignment;
	const {runner} = settings;
	const packs = watchPacks({storages: served.last().storages, server, stateDirectory});
	let leave: (code: number) => void = () => undefined;
	const left = new Promise<number>(resolve => {
		leave = resolve;
	});
	const supervisor = new Supervisor(
		{
			spawner,
			...(packs && {packs}),
			readiness: chooseReadiness({
				startTest,
				server: loadedServer,
				log,
				tell: text => tellLauncher(text, assignment, reporter),
			}),
			log,
			timers: systemTimers,
			history: openRecord(stateDirectory, runner.backoffLimit, assignment.predecessor?.manager),
			clock: systemClock,
			leave,
			...(assignment.trace && {trace: assignment.trace.effect}),
		},
		{...runner, stopPackWait: packs === undefined ? 0 : settings.stopPackWait},
		{manager: process.pid, version, filename: file, argv},
	);
	return {supervisor, left};
};

/** Says something to who waits for the start, and where there is a conf, what to type. */
const tellLauncher = (
	text: string,
	{mode, settings, ownCommand}: Pick<Assignment, 'mode' | 'settings' | 'ownCommand'>,
	reporter: Pick<Reporter, 'note'>,
): void => {
	// In the foreground the log's default is seen.
	if (mode !== 'detached') return;
	reporter.note(text);
	if (settings.configFile !== undefined)
		reporter.note(`next: ${renderShellCommand([...ownCommand, 'check'])}`);
};
