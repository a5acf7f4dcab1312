import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {locateKey} from '../../src/cli/locate-key.js';
import {makeFolder} from '../helpers/fake-zeo.js';

test('the line of a key is found, however it is written', async t => {
	const file = path.join(await makeFolder(t), 'zeo.conf');
	await writeFile(file, '<zeo>\n# monitor-address 1\n  MONITOR-address 2\nother 3\n</zeo>\n');
	t.is(locateKey(file, 'monitor-address'), 3);
	t.is(locateKey(file, 'other'), 4);
	t.is(locateKey(file, 'monitor'), undefined);
	t.is(locateKey(`${file}.none`, 'other'), undefined);
});
