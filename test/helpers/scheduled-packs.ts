import {type PackJobEnd, watchPackSchedule} from '../../src/daemon/pack-launcher.js';
import type {HistoryRecord} from '../../src/history/history.js';
import type {PackOutcome} from '../../src/history/pack-record.js';
import {runScheduled} from '../../src/pack/scheduled.js';
import type {PackSettings, StorageSettings} from '../../src/settings/settings.js';

/** A storage `1` as a conf has it. */
export const storage = (name: string, readOnly = false): StorageSettings => ({
	name,
	type: 'filestorage',
	path: `/srv/${name}.fs`,
	blobDirectory: undefined,
	readOnly,
	create: false,
});

export const packSettings = (more: Partial<PackSettings> = {}): PackSettings => ({
	storage: undefined,
	schedule: '17 3 * * 0',
	days: 7,
	jitter: 600,
	margin: 10,
	alarmAfter: 15 * 86_400,
	...more,
});

export type World = {
	/** Unix seconds, as the clock on the wall shows them. */
	now(): number;
	/** Lets time pass; timers fire in order. */
	pass(seconds: number): Promise<void>;
	/** Somebody sets the clock; timers do not notice. */
	setClock(by: number): void;
	startSupervisor(): void;
	stopSupervisor(): void;
	/** What a timer or cron calls. */
	callScheduled(): Promise<void>;
	/** The slots that were packed, in order. */
	readonly slots: number[];
	readonly history: HistoryRecord[];
	/** How often the supervisor woke up. */
	wakeUps(): number;
	/** What becomes of the next runs; packed by default. */
	outcome: PackOutcome;
	/** Seconds that a job takes. */
	duration: number;
	jobsAtOnce: number;
	/** Whether the server is up. */
	isServing: boolean;
};

/** The shipped scheduler and the shipped `pack --scheduled`, with nothing real around them but a history in memory. */
export const scheduledWorld = (
	packs: readonly PackSettings[],
	{start, storages = [storage('1')]}: {start: number; storages?: readonly StorageSettings[]},
): World => {
	let uptime = 0;
	let clock = start;
	let timers: {readonly due: number; readonly callback: () => void}[] = [];
	let wakeUps = 0;
	let running = 0;
	let runs = 0;
	let supervisor: {close(): void} | undefined;
	const history: HistoryRecord[] = [];
	const slots: number[] = [];
	const now = (): number => clock + uptime;
	const append = (record: HistoryRecord): void => void history.push(record);
	const readFacts = () => ({
		history: [...history],
		packs,
		storages,
		now: now(),
		isAlive: () => true,
	});

	const after = (ms: number, callback: () => void): (() => void) => {
		const timer = {due: uptime + ms / 1000, callback};
		timers.push(timer);
		return () => {
			timers = timers.filter(other => other !== timer);
		};
	};
	const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

	const callScheduled = async (): Promise<void> => {
		await runScheduled({
			readFacts,
			append,
			run: async ({slot, storages, by, stillDue}) => {
				if (!stillDue()) return;
				runs += 1;
				running += 1;
				world.jobsAtOnce = Math.max(world.jobsAtOnce, running);
				const run = `run ${runs}`;
				slots.push(slot);
				const began = now();
				const identity = {pid: 1, startTicks: 1, boot: ''};
				append({at: began, event: 'pack-begin', run, ...identity, storages, slot, by});
				if (world.duration > 0)
					await new Promise<void>(resolve => void after(world.duration * 1000, resolve));
				for (const name of storages)
					append(packRecord({run, storage: name, began, now: now(), outcome: world.outcome}));
				append({at: now(), event: 'pack-end', run, slot});
				running -= 1;
			},
		});
	};
	const startJob = async (): Promise<PackJobEnd> => {
		await callScheduled();
		return {description: 'exit status 0', isGood: true, lastLine: undefined};
	};

	const world: World = {
		now,
		async pass(seconds) {
			const end = uptime + seconds;
			await settle();
			for (;;) {
				const [next] = timers.filter(({due}) => due <= end).sort((a, b) => a.due - b.due);
				if (next === undefined) break;
				timers = timers.filter(other => other !== next);
				uptime = Math.max(uptime, next.due);
				next.callback();
				await settle();
			}
			uptime = end;
		},
		setClock(by) {
			clock += by;
		},
		startSupervisor() {
			supervisor = watchPackSchedule({
				packs,
				storages,
				instance: 'zeo.example /srv/zeo.conf',
				isWanted: () => true,
				isServing: () => world.isServing,
				hasOtherOwner: () => false,
				isAlive: () => true,
				readHistory: () => {
					wakeUps += 1;
					return [...history];
				},
				append,
				startJob,
				unixSeconds: now,
				after,
			});
		},
		stopSupervisor() {
			supervisor?.close();
		},
		callScheduled,
		slots,
		history,
		wakeUps: () => wakeUps / 2,
		outcome: 'packed',
		duration: 0,
		jobsAtOnce: 0,
		isServing: true,
	};
	return world;
};

/** What became of a storage in a run. */
export const packRecord = (options: {
	readonly run: string;
	readonly storage: string;
	readonly began: number;
	readonly now: number;
	readonly outcome: PackOutcome;
}): HistoryRecord => ({
	at: options.now,
	event: 'pack',
	run: options.run,
	storage: options.storage,
	address: 'localhost:8100',
	outcome: options.outcome,
	reason: null,
	advice: null,
	began: options.began,
	seconds: options.now - options.began,
	packTime: null,
	before: null,
	after: null,
	warnings: [],
});
