import path from 'node:path';
import {loadCompiled} from '../platform/code-cache.js';
import {reportVariable} from '../program/environment.js';

// A supervisor that was started in the background gets along without the client's code.
const part = reportVariable in process.env ? 'supervisor' : 'client';
const file = path.join(__dirname, 'lib', `${part}.cjs`);
const loaded = loadCompiled(file, `${file}.${process.env.ZEOCTL_BUILD}.code`);

void (loaded.exports as {run: () => Promise<number>}).run().then(code => {
	loaded.save();
	process.exit(code);
});
