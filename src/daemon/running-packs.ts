import {setTimeout as sleep} from 'node:timers/promises';
import {readHistory} from '../history/history.js';
import type {PackBeginRecord} from '../history/pack-record.js';
import {isRunAlive} from '../pack/run-life.js';

/** The runs of packs of an instance that are under way, whoever started them. */
export type PackJobs = {
	/** The storages that still have no record. */
	list(): readonly string[];
	/**
	 * SIGTERM, and SIGKILL for what has not recorded its end seconds later. A job that is over and only delivers its
	 * report is left alone. Never rejects.
	 */
	end(): Promise<void>;
};

/** Milliseconds that an interrupted job has to record and to spool what happened. */
const graceMs = 10_000;

const lookMs = 100;

export const createPackJobs = (stateDirectory: string): PackJobs => ({
	list: () => openRuns(stateDirectory).flatMap(({storages}) => storages),
	async end() {
		for (const {begin} of openRuns(stateDirectory)) signal(begin, 'SIGTERM');
		for (let waited = 0; waited < graceMs; waited += lookMs) {
			if (openRuns(stateDirectory).length === 0) return;
			await sleep(lookMs);
		}
		for (const {begin} of openRuns(stateDirectory)) signal(begin, 'SIGKILL');
	},
});

type OpenRun = {readonly begin: PackBeginRecord; readonly storages: readonly string[]};

const openRuns = (stateDirectory: string): readonly OpenRun[] => {
	const history = readHistory(stateDirectory);
	const isOver = ({run}: PackBeginRecord): boolean =>
		history.some(record => record.event === 'pack-end' && record.run === run);
	return history
		.filter((record): record is PackBeginRecord => record.event === 'pack-begin')
		.filter(begin => !isOver(begin) && isRunAlive(begin))
		.map(begin => {
			const done = history.flatMap(record =>
				record.event === 'pack' && record.run === begin.run ? [record.storage] : [],
			);
			return {begin, storages: begin.storages.filter(storage => !done.includes(storage))};
		});
};

const signal = ({pid}: PackBeginRecord, name: NodeJS.Signals): void => {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended meanwhile.
	}
};
