import path from 'node:path';
import {listIfSeen, readIfSeen} from './seen-files.js';

/** One block of logrotate's configuration. */
export type LogrotateBlock = {
	/** The file that it stands in. */
	readonly file: string;
	/** Paths and patterns. */
	readonly logs: readonly string[];
	/** Its words, line by line, without its scripts. */
	readonly directives: readonly string[];
};

/** Names that logrotate passes over in a folder (`taboo_exts` of logrotate(8)). */
const taboo = /(?:\.(?:dpkg-\w+|rpm\w+|ucf-\w+|swp|bak|disabled|cfsaved|v)|[~,])$/;

/** Everything that logrotate is told on this machine, as far as it can be read. */
export const readLogrotate = (etc: string): readonly LogrotateBlock[] => {
	const folder = path.join(etc, 'logrotate.d');
	const files = listIfSeen(folder).filter(name => !taboo.test(name) && !name.startsWith('.'));
	return [path.join(etc, 'logrotate.conf'), ...files.map(name => path.join(folder, name))].flatMap(
		file => parseLogrotate(file, readIfSeen(file)),
	);
};

/** The blocks of one file; what stands outside of them is about all and left out. */
export const parseLogrotate = (file: string, text: string): readonly LogrotateBlock[] => {
	const blocks: LogrotateBlock[] = [];
	let names: string[] = [];
	let directives: string[] | undefined;
	let isScript = false;
	for (const raw of text.split('\n')) {
		const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
		if (directives !== undefined) {
			if (isScript) isScript = line !== 'endscript';
			else if (/^(?:pre|post|first|last)\w+$/.test(line)) isScript = true;
			else if (line === '}') {
				blocks.push({file, logs: names, directives});
				[names, directives] = [[], undefined];
			} else if (line !== '') directives.push(line);
		} else if (line.endsWith('{')) {
			names.push(...pathsOf(line.slice(0, -1)));
			directives = [];
		} else if (/^["'/]/.test(line)) names.push(...pathsOf(line));
		else names = [];
	}
	return blocks;
};

const pathsOf = (line: string): readonly string[] =>
	[...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,"']+)/g)].map(
		match => match[1] ?? match[2] ?? match[3] ?? '',
	);

/** The blocks that rotate a file, by its absolute path. */
export const blocksFor = (
	log: string,
	blocks: readonly LogrotateBlock[],
): readonly LogrotateBlock[] =>
	blocks.filter(({logs}) => logs.some(pattern => toExpression(pattern).test(log)));

/** As glob(7), which lets nothing but itself match a slash. */
const toExpression = (pattern: string): RegExp => {
	const source = pattern.replaceAll(
		/\\(.)|\[(!?)([^\]]*)\]|\*|\?|[.+^${}()|\\/]/g,
		(piece, escaped?: string, not?: string, set?: string) => {
			if (escaped !== undefined) return `\\${escaped}`;
			if (set !== undefined) return `[${not ? '^' : ''}${set.replaceAll('\\', '\\\\')}]`;
			if (piece === '*') return '[^/]*';
			return piece === '?' ? '[^/]' : `\\${piece}`;
		},
	);
	try {
		return new RegExp(`^${source}$`);
	} catch {
		return /(?!)/;
	}
};
