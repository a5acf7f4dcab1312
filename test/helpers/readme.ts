import {readFileSync} from 'node:fs';
import path from 'node:path';
import {projectRoot} from './zeoctl.js';

/** The README of the checkout. */
export const readmeFile = path.join(projectRoot, 'README.md');
export const readReadme = (): string => readFileSync(readmeFile, 'utf8');

/** A table as Markdown, its columns aligned in the source as well. */
export const renderTable = (
	head: readonly string[],
	rows: readonly (readonly string[])[],
): string => {
	const cells = rows.map(row => row.map(cell => cell.replaceAll('|', '\\|')));
	const lines = [head, head.map(() => '---'), ...cells];
	return lines.map(line => `| ${line.join(' | ')} |`).join('\n');
};

/** A fenced block of a Markdown text: the words after the fence, and the lines inside. */
export type Block = {readonly info: string; readonly text: string; readonly line: number};

/** All fenced blocks, in order. */
export const fencedBlocks = (markdown: string): readonly Block[] =>
	[...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(
		({index, 1: info = '', 2: text = ''}) => ({
			info: info.trim(),
			text,
			line: markdown.slice(0, index).split('\n').length,
		}),
	);

const tablePattern = /(<!-- table: ([\w-]+) -->\n)((?:(?!<!--).*\n)*)(<!-- end -->)/g;

/** The generated tables that a text holds, by name. */
export const findTables = (markdown: string): ReadonlyMap<string, string> =>
	new Map(
		[...markdown.matchAll(tablePattern)].map(([, , name = '', table = '']) => [
			name,
			table.trimEnd(),
		]),
	);

/** The same text with its tables made anew. */
export const withTables = (markdown: string, tables: Readonly<Record<string, string>>): string =>
	markdown.replace(
		tablePattern,
		(_, start: string, name: string, present: string, end: string) =>
			`${start}${tables[name] === undefined ? present : `${tables[name]}\n`}${end}`,
	);

/** The first cells of the rows of a table, without backquotes. */
export const firstCells = (table: string): readonly string[] =>
	table
		.split('\n')
		.slice(2)
		.map(row => (row.split('|')[1] ?? '').trim().replaceAll('`', ''));
