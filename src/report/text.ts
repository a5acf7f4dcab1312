import {renderForTerminal} from '../platform/terminal-text.js';
import type {Bar, Letter, Row, Section} from './letter.js';

/** No line is longer, unless it is program output. */
const width = 74;
const barWidth = 30;
const mostOutput = 200;

/** A letter as plain text that any terminal shows as it is meant. */
export const renderText = (letter: Letter): string =>
	[
		...wrap(`${letter.about}: ${letter.headline}`, ''),
		'',
		...letter.facts.flatMap(([label, value]) => wrap(value, label.padEnd(11))),
		...letter.sections.flatMap(renderSection),
		'',
		'-- ',
		...wrap(letter.footer, ''),
		'',
	].join('\n');

const renderSection = ({title, tag, rows, remarks, bars, output}: Section): readonly string[] => [
	'',
	'',
	...renderTitle(title, tag),
	'-'.repeat(width),
	...(rows.length === 0 ? [] : [tableHead, ...rows.map(renderRow), '']),
	...remarks.flatMap(({isBad, text}) => wrap(text, isBad ? '! ' : '  ')),
	...(bars.length === 0 ? [] : ['', 'The last packs: # stayed, . dropped', ...bars.map(renderBar)]),
	...(output.length === 0
		? []
		: ['', 'The last output of the program:', ...output.map(renderOutput)]),
];

const renderTitle = (title: string, tag: string): readonly string[] => {
	const left = renderForTerminal(title);
	const room = width - tag.length - 2;
	return left.length <= room
		? [`${left.padEnd(room)}  ${tag}`.trimEnd()]
		: [...wrap(left, ''), tag];
};

const columns = (label: string, ...cells: readonly string[]): string =>
	`${label.padEnd(20)}${cells.map(cell => cell.padStart(18)).join('')}`;

const tableHead = columns('', 'before', 'after', 'change');

const renderRow = ({label, before, after, change}: Row): string =>
	columns(label, before, after, change).trimEnd();

const renderBar = ({date, isBad, stayed, dropped, text}: Bar): string => {
	const kept = Math.round((stayed ?? 0) * barWidth);
	const gone = Math.min(barWidth - kept, Math.round(dropped * barWidth));
	const bar = `${'#'.repeat(kept)}${'.'.repeat(gone)}`.padEnd(barWidth);
	return `${isBad ? '! ' : '  '}${date}  ${bar}  ${text}`;
};

const renderOutput = (line: string): string =>
	`  | ${renderForTerminal(line).slice(0, mostOutput)}`.trimEnd();

/** Foreign text in lines of at most `width` characters, all but the first indented as far as `first` is long. */
const wrap = (text: string, first: string): readonly string[] => {
	const indent = ' '.repeat(first.length);
	const lines: string[] = [];
	let line = first;
	let isEmpty = true;
	for (const word of splitWords(renderForTerminal(text), width - first.length)) {
		if (!isEmpty && line.length + word.length > width) {
			lines.push(line.trimEnd());
			line = indent;
		}
		line += `${word} `;
		isEmpty = false;
	}
	return [...lines, line.trimEnd()];
};

const splitWords = (text: string, longest: number): readonly string[] =>
	text
		.split(/\s+/)
		.flatMap(word => word.match(new RegExp(`.{1,${longest}}`, 'gsu')) ?? [])
		.filter(word => word !== '');
