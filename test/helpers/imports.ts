import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';

/** One import of a source file. `target` is a path below src/ for our own files, else the name of a package. */
export type Import = {
	readonly from: string;
	readonly target: string;
	readonly kind: 'static' | 'type' | 'dynamic';
};

export type Source = {readonly file: string; readonly text: string};

// Biome writes each import in one way: `;` at the end, single quotes, names never on the line of another import.
const statement =
	/^(?:import|export)\s+(?<type>type\s+(?!from\s+'))?(?:[\w*{][^;'"]*?\sfrom\s+)?'(?<name>[^']+)'/gm;
const call = /(?<type>typeof\s+)?\bimport\(\s*(?:'(?<name>[^']+)')?/g;

/** Every import in one source text, in whatever form. */
export const readImports = ({file, text}: Source): Import[] => {
	const code = withoutComments(text);
	const found = (pattern: RegExp, kind: 'static' | 'dynamic'): Import[] =>
		[...code.matchAll(pattern)].map(({groups}) => ({
			from: file,
			target: resolve(file, groups?.['name'] ?? '(computed)'),
			kind: groups?.['type'] === undefined ? kind : 'type',
		}));
	return [...found(statement, 'static'), ...found(call, 'dynamic')];
};

/** The code alone, without whole-line comments. */
export const withoutComments = (text: string): string =>
	text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');

const resolve = (file: string, name: string): string =>
	name.startsWith('.')
		? path.join(path.dirname(file), name).replace(/\.js$/, '.ts')
		: name.replace(/^node:.*/, 'node');

/** All TypeScript below `folder`, with paths relative to it. */
export const readSources = (folder: string): Source[] =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter(file => file.endsWith('.ts'))
		.sort()
		.map(file => ({file, text: readFileSync(path.join(folder, file), 'utf8')}));
