import type {PackProgress} from '../pack/target.js';
import {renderBytes, renderDuration} from '../platform/quantities.js';
import {renderForTerminal} from '../platform/terminal-text.js';
import type {Context} from './command.js';

/** A line on a terminal that is drawn again and again; nothing anywhere else. */
export type Bar = {
	draw(progress: PackProgress): void;
	clear(): void;
};

export const createBar = ({system, json}: Pick<Context, 'system' | 'json'>): Bar => {
	const {stderr} = system;
	let drawn = false;
	const write = (text: string): void => {
		if (stderr.isTerminal && !json) stderr.write(`\r\x1b[K${text}`);
	};
	return {
		draw(progress) {
			drawn = true;
			write(renderProgress(progress));
		},
		clear() {
			if (drawn) write('');
			drawn = false;
		},
	};
};

const width = 24;

/** How far a pack is, as one line for a terminal. */
export const renderProgress = (progress: PackProgress): string => {
	const {storage, step, copied, seconds, secondsLeft} = progress;
	const share = shareOf(progress);
	const filled = Math.round((share ?? 0) * width);
	const bar = share === undefined ? '' : ` [${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
	const percent = share === undefined ? '' : ` ${Math.floor(share * 100)} %`;
	const amount = copied === null ? '' : ` ${renderBytes(copied)}`;
	const left =
		secondsLeft === null || secondsLeft <= 0
			? renderDuration(seconds)
			: `about ${renderDuration(Math.max(1, secondsLeft))} left`;
	return renderForTerminal(`${storage}${bar}${percent} ${step}${amount}, ${left}`);
};

/** By the time that the last pack took; without one, by what is copied. Never quite all: the end is told otherwise. */
const shareOf = ({copied, expected, seconds, secondsLeft}: PackProgress): number | undefined => {
	const byTime =
		secondsLeft === null || secondsLeft <= 0 ? undefined : seconds / (seconds + secondsLeft);
	const byCopy = copied === null || !expected ? undefined : copied / expected;
	const share = byTime ?? byCopy;
	return share === undefined ? undefined : Math.min(0.99, share);
};
