import {renderPythonString} from '../platform/python-repr.js';
import type {PositionStyle} from './errors.js';
import type {SourceReader} from './include.js';
import {isPythonSpace, skipSpace, strip, stripEnd, wordEnd} from './python-text.js';
import {isDefinitionName, type Replacements, substitute} from './substitute.js';
import type {Item, Position, SectionNode, Tree} from './tree.js';
import {joinUrl} from './url.js';

export type ParseOptions = {
	/** Path or URL of the file. */
	readonly location: string;
	readonly read: SourceReader;
	/** What `$(NAME)` stands for. */
	readonly environment: Replacements['environment'];
};

/** More includes than this in one configuration are a chain that doubles itself. */
const mostIncludes = 1000;

/** A file being read: its lines, and how many sections were open when it was included. */
type Reading = {
	readonly url: string;
	readonly text: string;
	readonly depth: number;
	offset: number;
	line: number;
};

type Parser = {
	readonly options: ParseOptions;
	readonly defines: Map<string, string | undefined>;
	readonly readings: Reading[];
	readonly sources: Set<string>;
	/** The open sections, outermost first. */
	readonly open: SectionNode[];
	readonly root: Item[];
	includes: number;
};

/**
 * Reads a configuration with everything it includes. Never throws for what is in the text: mistakes become nodes
 * in the place where ZConfig would stop, and reading goes on behind them. Nesting costs no stack.
 */
export const parseConfiguration = (options: ParseOptions): Tree => {
	const parser: Parser = {
		options,
		defines: new Map(),
		readings: [],
		sources: new Set(),
		open: [],
		root: [],
		includes: 0,
	};
	const source = options.read(options.location);
	if (!source.ok) {
		const {problem} = source;
		return {url: problem.url ?? '', items: [{kind: 'problem', problem}], sources: []};
	}
	enter(parser, source.url, source.text);
	for (let reading = parser.readings.at(-1); reading; reading = parser.readings.at(-1)) {
		if (reading.offset > reading.text.length) leave(parser, reading);
		else parseLine(parser, reading, nextLine(reading));
	}
	return {url: source.url, items: parser.root, sources: [...parser.sources]};
};

const enter = (parser: Parser, url: string, text: string): void => {
	parser.sources.add(url);
	parser.readings.push({url, text, depth: parser.open.length, offset: 0, line: 0});
};

const leave = (parser: Parser, reading: Reading): void => {
	// The last line number of ZConfig does not count the emptiness after a final line end.
	if (reading.text === '' || reading.text.endsWith('\n')) reading.line--;
	if (parser.open.length > reading.depth) {
		report(parser, reading, 'unclosed sections not allowed');
		while (parser.open.length > reading.depth) close(parser, reading);
	}
	parser.readings.pop();
};

const nextLine = (reading: Reading): string => {
	const newline = reading.text.indexOf('\n', reading.offset);
	const end = newline === -1 ? reading.text.length : newline;
	const line = strip(reading.text.slice(reading.offset, end));
	reading.offset = end + 1;
	reading.line++;
	return line;
};

const parseLine = (parser: Parser, reading: Reading, line: string): void => {
	const first = line[0];
	if (first === undefined || first === '#') return;
	if (first === '%') parseDirective(parser, reading, line.slice(1));
	else if (first !== '<') parseKey(parser, reading, line);
	else if (line[1] === '/') endSection(parser, reading, line);
	else startSection(parser, reading, line);
};

const position = ({url, line}: Reading): Position => ({url, line});

const append = (parser: Parser, item: Item): void => {
	(parser.open.at(-1)?.items ?? parser.root).push(item);
};

const report = (
	parser: Parser,
	reading: Reading,
	message: string,
	style: PositionStyle = 'structure',
): void => {
	append(parser, {kind: 'problem', problem: {message, style, ...position(reading)}});
};

const close = (parser: Parser, reading: Reading): void => {
	const section = parser.open.pop();
	if (section) section.end = position(reading);
};

const startSection = (parser: Parser, reading: Reading, line: string): void => {
	const isComplete = line.endsWith('>');
	// Without its `>` the line is taken for a start all the same, so that the end further down still fits.
	if (!isComplete) report(parser, reading, 'malformed section start');
	const inner = line.slice(1, isComplete ? -1 : undefined);
	const isEmpty = isComplete && inner.endsWith('/');
	const header = parseHeader(stripEnd(isEmpty ? inner.slice(0, -1) : inner));
	if (header === undefined) {
		if (isComplete) report(parser, reading, 'malformed section header');
		return;
	}
	const start = position(reading);
	const section: SectionNode = {kind: 'section', ...header, isEmpty, items: [], start, end: start};
	append(parser, section);
	if (!isEmpty) parser.open.push(section);
};

const parseHeader = (text: string): {type: string; name: string | undefined} | undefined => {
	const typeEnd = tokenEnd(text, 0);
	if (typeEnd === 0) return undefined;
	const nameStart = skipSpace(text, typeEnd);
	const nameEnd = tokenEnd(text, nameStart);
	if (nameEnd !== text.length || (nameStart === typeEnd && nameEnd > typeEnd)) return undefined;
	const name = nameEnd > nameStart ? text.slice(nameStart).toLowerCase() : undefined;
	return {type: text.slice(0, typeEnd).toLowerCase(), name};
};

/** The end of a run of characters other than white space and parentheses. */
const tokenEnd = (text: string, start: number): number => {
	let index = start;
	for (; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === 0x28 || code === 0x29 || isPythonSpace(code)) break;
	}
	return index;
};

const endSection = (parser: Parser, reading: Reading, line: string): void => {
	const isComplete = line.endsWith('>');
	if (!isComplete) report(parser, reading, 'malformed section end');
	const type = stripEnd(line.slice(2, isComplete ? -1 : undefined)).toLowerCase();
	const depth = parser.open.length;
	if (depth <= reading.depth) {
		if (isComplete) report(parser, reading, 'unexpected section end');
		return;
	}
	if (parser.open[depth - 1]?.type === type) {
		close(parser, reading);
		return;
	}
	if (isComplete) report(parser, reading, 'unbalanced section end');
	// Most likely an inner end is missing: go on behind the section that this line names, if there is one.
	const named = parser.open.findLastIndex(section => section.type === type);
	if (named < reading.depth) return;
	while (parser.open.length > named) close(parser, reading);
};

const parseKey = (parser: Parser, reading: Reading, line: string): void => {
	const end = tokenEnd(line, 0);
	if (end === 0) {
		report(parser, reading, 'malformed configuration data');
		return;
	}
	const value = replace(parser, reading, line.slice(skipSpace(line, end)));
	append(parser, {kind: 'key', key: line.slice(0, end), value, position: position(reading)});
};

/** Undefined after a problem has been reported. */
const replace = (parser: Parser, reading: Reading, text: string): string | undefined => {
	const {environment} = parser.options;
	const result = substitute(text, {defines: parser.defines, environment});
	if (result.ok) return result.text;
	report(parser, reading, result.message, result.hasPosition ? 'structure' : 'none');
	return undefined;
};

const parseDirective = (parser: Parser, reading: Reading, text: string): void => {
	const end = tokenEnd(text, 0);
	const name = text.slice(0, end);
	const argument = text.slice(skipSpace(text, end));
	if (end === 0) {
		report(parser, reading, 'missing or unrecognized directive');
	} else if (name !== 'define' && name !== 'include' && name !== 'import') {
		report(parser, reading, `unknown directive: ${renderPythonString(name)}`);
	} else if (argument === '') {
		report(parser, reading, `missing argument to %${name} directive`);
	} else if (name === 'define') {
		define(parser, reading, argument);
	} else {
		const target = replace(parser, reading, argument);
		if (target === undefined) return;
		if (name === 'include') include(parser, reading, target);
		else append(parser, {kind: 'import', packageName: target, position: position(reading)});
	}
};

const define = (parser: Parser, reading: Reading, argument: string): void => {
	const end = wordEnd(argument, 0);
	const name = argument.slice(0, end).toLowerCase();
	const text = argument.slice(skipSpace(argument, end));
	// The raw new text is compared with the substituted old one; a refused old one fits anything.
	if ((parser.defines.get(name) ?? text) !== text) {
		report(parser, reading, `cannot redefine ${renderPythonString(name)}`);
	} else if (isDefinitionName(name)) {
		parser.defines.set(name, replace(parser, reading, text));
	} else {
		report(parser, reading, `not a substitution legal name: ${renderPythonString(name)}`);
	}
};

const include = (parser: Parser, reading: Reading, target: string): void => {
	const source = parser.options.read(joinUrl(reading.url, target));
	if (!source.ok) {
		const {problem} = source;
		// A file that cannot be opened is a mistake of the line that names it.
		const where = problem.line === undefined ? position(reading) : {};
		append(parser, {kind: 'problem', problem: {...problem, ...where}});
	} else if (parser.readings.some(open => open.url === source.url)) {
		report(parser, reading, `the file includes itself: ${renderPythonString(target)}`);
	} else if (parser.includes++ === mostIncludes) {
		report(parser, reading, `more than ${mostIncludes} included files`);
	} else if (parser.includes < mostIncludes) {
		enter(parser, source.url, source.text);
	}
};
