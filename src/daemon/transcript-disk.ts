import {fstatSync} from 'node:fs';
import path from 'node:path';
import {systemClock, systemTimers} from '../platform/clock.js';
import {realFile} from '../platform/real-file.js';
import {type DiskWords, describeDisk} from '../transcript/describe-disk.js';
import {createDiskWatch} from '../transcript/disk-watch.js';
import {createTrialFile} from '../transcript/trial-file.js';
import {findOnDisk} from './held-disk.js';
import {mayWriteInVain, readWriterTraces, type WriterTraces} from './silent-writer.js';
import type {TranscriptNews} from './transcript-news.js';

/** The disk of a transcript that the program writes itself: its writes may fail or hang, and nobody hears of it. */
export type TranscriptDisk = {
	/** What is wrong with it; undefined while all is well. */
	trouble(): DiskWords | undefined;
	/** Tells it there from now on. `onChange` is called when the trouble is another one, or over. */
	tellTo(news: TranscriptNews, onChange: () => void): void;
	/** The program has stopped writing, or cannot go on. */
	suspect(): void;
	/** A periodic look at the program: costs a trial only if it may have written in vain. */
	glance(pid: number | null): void;
	/** Somebody asks: resolves when `trouble` is as of now, or after a while. */
	ask(): Promise<void>;
	/** Nothing is tried until the next suspicion or question. */
	rest(): void;
	close(): void;
};

/** Follows the disk of the transcript `file`, which is open as `descriptor`. */
export const openTranscriptDisk = ({
	file,
	descriptor,
	runDirectory,
	stateDirectory,
}: {
	readonly file: string;
	readonly descriptor: number;
	readonly runDirectory: string;
	readonly stateDirectory: string;
}): TranscriptDisk => {
	const folder = path.dirname(realFile(file));
	const trialFile = createTrialFile(folder);
	const {dev: device} = fstatSync(descriptor);
	const ours = findOnDisk(device, {runDirectory, stateDirectory});
	let trouble: DiskWords | undefined;
	let teller: {readonly news: TranscriptNews; readonly onChange: () => void} | undefined;
	let isHanging = false;
	let seen: WriterTraces | undefined;
	const watch = createDiskWatch({
		...systemClock,
		after: systemTimers.after,
		tryDisk: trialFile.write,
		onVerdict(verdict) {
			trouble = describeDisk(verdict, folder);
			isHanging = verdict.disk === 'hanging';
			if (teller === undefined) return;
			const {news, onChange} = teller;
			if (isHanging) news.hold(ours);
			if (trouble !== undefined) news.tell(trouble.news);
			onChange();
			if (!isHanging) news.release();
		},
	});
	return {
		trouble: () => trouble,
		tellTo(news, onChange) {
			teller = {news, onChange};
			if (isHanging) news.hold(ours);
		},
		suspect: watch.suspect,
		glance(pid) {
			if (pid === null) return;
			const now = readWriterTraces(pid, fstatSync(descriptor).size);
			if (mayWriteInVain(seen, now)) watch.glance();
			seen = now;
		},
		ask: watch.ask,
		rest: watch.rest,
		close() {
			teller = undefined;
			watch.rest();
			trialFile.close();
		},
	};
};
