import {renderForTerminal} from '../../platform/terminal-text.js';
import {type Colour, paint} from '../paint.js';
import type {System} from '../system.js';
import {checkGroups, needsConf} from './check.js';
import {type Counts, countLevels} from './document.js';
import type {Examined} from './examine.js';
import type {Level} from './finding.js';

type Screen = Pick<System, 'stdout' | 'environment'>;

const words: Readonly<Record<Level, string>> = {
	ok: 'ok',
	warning: 'warning',
	error: 'error',
	unknown: 'unknown',
	idle: 'none',
};

const colours: Readonly<Record<Level, Colour>> = {
	ok: 'green',
	warning: 'yellow',
	error: 'red',
	unknown: 'yellow',
	idle: 'faint',
};

const widestWord = Math.max(...Object.values(words).map(word => word.length));

/**
 * An examination for people: group by group, a line for each finding, what to do below it, and a summary. What is about
 * nothing here, or waits for a better conf, is only counted, unless it is asked for.
 */
export const renderExamination = (
	screen: Screen,
	examined: readonly Examined[],
	{showsIdle}: {readonly showsIdle: boolean},
): string => {
	const shown = examined.filter(
		({level, findings}) => showsIdle || (level !== 'idle' && !findings.includes(needsConf)),
	);
	const nameWidth = Math.max(0, ...shown.map(({name}) => name.length));
	const groups = checkGroups.flatMap(group => {
		const own = shown.filter(each => each.group === group);
		return own.length === 0
			? []
			: [
					paint(screen, 'bold', group),
					...own.flatMap(each => renderCheck(screen, each, nameWidth)),
				];
	});
	return [...groups, renderSummary(screen, countLevels(examined))]
		.map(line => `${line}\n`)
		.join('');
};

const renderCheck = (
	screen: Screen,
	{name, findings}: Examined,
	nameWidth: number,
): readonly string[] => {
	const indent = ' '.repeat(2 + widestWord + 2);
	return findings.flatMap(({level, message, advice, command}, index) => [
		[
			`  ${paint(screen, colours[level], words[level])}${' '.repeat(widestWord - words[level].length)}`,
			(index === 0 ? name : '').padEnd(nameWidth),
			renderForTerminal(message),
		].join('  '),
		...renderRemedy(advice, command).map(line => `${indent}${line}`),
	]);
};

const renderRemedy = (
	advice: string | undefined,
	command: string | undefined,
): readonly string[] => [
	...(advice === undefined ? [] : [renderForTerminal(advice)]),
	...(command === undefined ? [] : [`next: ${renderForTerminal(command)}`]),
];

const renderSummary = (screen: Screen, {ok, warning, error, unknown, idle}: Counts): string => {
	const level: Level = error > 0 ? 'error' : warning > 0 ? 'warning' : 'ok';
	const total = ok + warning + error + unknown + idle;
	const parts = [
		`${ok} ok`,
		count(warning, 'warning'),
		count(error, 'error'),
		...(unknown > 0 ? [`${unknown} not to be seen`] : []),
		...(idle > 0 ? [`${idle} about nothing here`] : []),
	];
	return paint(screen, colours[level], `${total} checks: ${parts.join(', ')}`);
};

const count = (number: number, noun: string): string =>
	`${number || 'no'} ${noun}${number === 1 ? '' : 's'}`;
