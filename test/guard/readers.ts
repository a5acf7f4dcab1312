import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findReader} from '../../src/guard/readers.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {startCommand} from '../helpers/zeoctl.js';

test('who only reads a file is found, who writes it as well is not', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(file, 'FS30');
	t.is(findReader(file), undefined);
	const hold = async (redirections: string) => {
		const held = startCommand(t, ['sh', '-c', `exec ${redirections}; echo open; exec sleep 600`]);
		await waitFor('the file to be open', () => held.stdout() === 'open\n');
		return held;
	};
	await hold(`3<${file} 4<>${file}`);
	t.is(findReader(file), undefined);
	const reader = await hold(`3<${file}`);
	t.like(findReader(file), {visible: true, pid: reader.pid});
});
