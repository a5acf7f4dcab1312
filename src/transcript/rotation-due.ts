import fs from 'node:fs';
import {type LiveFile, pathOfDescriptor} from './live-file.js';
import {readHead} from './marker.js';
import {readRange} from './read-range.js';

/** When a transcript is rotated, and what is kept. Sizes are bytes, `maxAge` seconds. */
export type RotationLimits = {
	readonly maxSize: number;
	readonly maxAge?: number;
	readonly oldFiles: number;
	readonly totalSize: number;
};

/** What a look at the file asks for. `drop`: `keep` bytes of the live file stay, the rest goes without a copy. */
export type DueWork =
	| {readonly due: 'nothing' | 'wait' | 'rotate'}
	| {readonly due: 'drop'; readonly keep: number};

/**
 * Decides what a look at the live file asks for. A file that alone takes all the room there is loses its oldest
 * half; the same where nothing old is kept. `isResting`: the last rotation has just been. `growth`: bytes since the
 * last look, a second ago in a flood; a flood needs the processor itself, so it is copied when it is over, or when
 * the file is much too large.
 */
export const decideDue = (
	{maxSize, maxAge, oldFiles, totalSize}: RotationLimits,
	{
		size,
		growth,
		ageSeconds,
		isResting,
	}: {
		readonly size: number;
		readonly growth: number;
		readonly ageSeconds: number;
		readonly isResting: boolean;
	},
): DueWork => {
	const isFull = size >= maxSize;
	if (oldFiles === 0 && isFull) return {due: 'drop', keep: Math.floor(maxSize / 2)};
	if (size > totalSize) return {due: 'drop', keep: Math.floor(totalSize / 2)};
	const isOld = maxAge !== undefined && size > 0 && ageSeconds >= maxAge;
	if (!isFull && !(isOld && oldFiles > 0)) return {due: 'nothing'};
	const isFlood = growth >= floodBytes && size < Math.min(16 * maxSize, totalSize / 2);
	return {due: isResting || isFlood ? 'wait' : 'rotate'};
};

/** To copy so much takes about a percent of a second. */
const floodBytes = 8_388_608;

/**
 * How long to wait until the next rotation, in milliseconds: at least a second, and so long that copying takes half
 * a percent of a processor, but not so long that a file grows for ever. A log that is rotated now and then never notices.
 */
export const restAfter = (processorMs: number): number =>
	Math.min(10_000, Math.max(1000, processorMs * 200));

/**
 * When the output in a live file began, in Unix milliseconds: at its last cut, else when it was made; and how long
 * the marker at its head is.
 */
export const beginOf = ({
	descriptor,
}: LiveFile): {readonly at: number; readonly headLength: number} => {
	const marker = readHead(readRange(descriptor, 0, 8192));
	const cutAt = marker === undefined ? Number.NaN : Date.parse(marker.at);
	const {birthtimeMs} = fs.statSync(pathOfDescriptor(descriptor));
	return {at: Number.isNaN(cutAt) ? birthtimeMs : cutAt, headLength: marker?.length ?? 0};
};
