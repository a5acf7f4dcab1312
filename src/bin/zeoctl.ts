import path from 'node:path';
import {type EarlySupervisor, startEarly} from '../cli/early-supervisor.js';
import {loadCompiled} from '../platform/code-cache.js';
import {reportVariable} from '../program/environment.js';
import {dialogueCommands} from './dialogue-commands.js';

// A supervisor that was started in the background gets along without the client's code, and most commands without
// that of a dialogue. Both clients know all commands: a word that only looks like one costs a moment, no more.
const choosePart = (): string => {
	if (reportVariable in process.env) return 'supervisor';
	return process.argv.some(word => dialogueCommands.includes(word)) ? 'dialogue' : 'client';
};

const part = choosePart();
const early = part === 'dialogue' ? startEarly(process.argv) : undefined;
const file = path.join(__dirname, 'lib', `${part}.cjs`);
const loaded = loadCompiled(file, `${file}.${process.env.ZEOCTL_BUILD}.code`);

void (loaded.exports as {run: (early?: EarlySupervisor) => Promise<number>})
	.run(early)
	.then(code => {
		loaded.save();
		process.exit(code);
	});
