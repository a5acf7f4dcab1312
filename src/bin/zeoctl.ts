import path from 'node:path';
import {type EarlySupervisor, startEarly} from '../cli/early-supervisor.js';
import {loadCompiled, nodeBuild} from '../platform/code-cache.js';
import {reportVariable} from '../program/environment.js';
import {chooseClientPart} from './client-parts.js';

// A supervisor that was started in the background gets along without the client's code, and most commands without
// that of a dialogue.
const {part, keptFor} =
	reportVariable in process.env
		? {part: 'supervisor', keptFor: 'supervise'}
		: chooseClientPart(process.argv);
const early = part === 'dialogue' ? startEarly(process.argv) : undefined;
const folder = path.join(__dirname, 'lib');
const file = path.join(folder, `${part}.cjs`);
// Node's own `createRequire` comes with a good part of what Node needs for ES modules.
const load = (id: string): unknown => require(id.startsWith('.') ? path.join(folder, id) : id);
const build = nodeBuild();
const cacheFile = build && `${file}.${process.env.ZEOCTL_BUILD}.${build}.${keptFor}.code`;
const loaded = loadCompiled(file, {name: `zeoctl/${part}.cjs`, cacheFile}, load);

void (loaded.exports as {run: (early?: EarlySupervisor) => Promise<number>})
	.run(early)
	.then(code => {
		loaded.save();
		process.exit(code);
	});
