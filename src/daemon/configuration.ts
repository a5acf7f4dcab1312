import type {Configuration} from '../control/messages.js';
import {systemClock} from '../platform/clock.js';
import type {Reading} from '../supervisor/report.js';
import type {Supervisor} from '../supervisor/supervisor.js';
import {checkConfiguration} from './check-configuration.js';
import {watchConfiguration} from './config-watch.js';
import type {Invocation} from './invocation.js';
import {watchWhileNeeded} from './while-needed.js';

/** Milliseconds after the start in which the machine is left to the program. */
const calmMs = 1000;

/** Keeps the status up to date about the configuration on disk, and about what of ours the program does not have yet. */
export const followConfiguration = (options: {
	readonly supervisor: Supervisor;
	readonly reading: Reading | undefined;
	readonly invocation: Invocation | undefined;
	/** What the present program was started with other values of. */
	readonly outdated: () => readonly string[];
}): {close(): void} => {
	const {supervisor, reading, invocation, outdated} = options;
	if (reading === undefined || reading.sources.length === 0 || invocation === undefined)
		return {close: () => undefined};
	let configuration: Configuration = {
		state: 'loaded',
		since: null,
		files: [],
		problem: null,
		needsRestart: [],
	};
	const note = (difference: Partial<Configuration>): void => {
		configuration = {...configuration, ...difference};
		supervisor.note({configuration});
	};
	note({});
	const unwatch = supervisor.watch(() => {
		const isNews = outdated().join() !== configuration.needsRestart.join();
		if (isNews) queueMicrotask(() => note({needsRestart: outdated()}));
	});
	let timer: NodeJS.Timeout | undefined;
	let closeWatch = (): void => undefined;
	const watchFiles = (): void => {
		const watch = watchConfiguration({
			sources: reading.sources,
			check: signal => checkConfiguration(invocation, signal),
			onChange(found) {
				const since = found.state === 'loaded' ? null : systemClock.unixSeconds();
				note({...found, since});
			},
		});
		closeWatch = watch.close;
	};
	const begin = (): void => {
		timer = setTimeout(watchFiles, calmMs).unref();
	};
	const end = (): void => {
		clearTimeout(timer);
		closeWatch();
	};
	begin();
	const endWatchingNeed = supervisor.watch(watchWhileNeeded({begin, end}));
	return {
		close() {
			unwatch();
			endWatchingNeed();
			end();
		},
	};
};
