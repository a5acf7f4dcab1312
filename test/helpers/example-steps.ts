import {readFileSync} from 'node:fs';
import path from 'node:path';
import {type Block, fencedBlocks} from './readme.js';
import {projectRoot} from './zeoctl.js';

/** The folder of the examples. */
export const examples = path.join(projectRoot, 'examples');

type Step = {readonly commands: Block; readonly printed: string};

/** What the README of an example tells to type, a block of `sh`, and what that prints, the block of `text` after it. */
export const readSteps = (name: string): readonly Step[] => {
	const blocks = fencedBlocks(readFileSync(path.join(examples, name, 'README.md'), 'utf8'));
	return blocks.flatMap((commands, index) => {
		const next = blocks[index + 1];
		const printed = next?.info === 'text' ? next.text : '';
		return commands.info === 'sh' ? [{commands, printed}] : [];
	});
};

/** Pids, versions, waiting dots and empty lines differ from run to run. */
export const normalizeOutput = (text: string): readonly string[] =>
	text
		.replaceAll(/\b(pid=|kill\(|process )\d+/g, '$1PID')
		.replaceAll(/^ZEO \S+ is installed for \S+$/gm, 'ZEO VERSION is installed for PYTHON')
		.split('\n')
		.map(line => line.replace(/^(?:\. )+/, ''))
		.filter(line => line !== '');
