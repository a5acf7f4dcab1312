import fs from 'node:fs';
import test from 'ava';
import {listOldFiles, removeExcess} from '../../src/transcript/old-files.js';
import {openFolder} from '../helpers/transcript.js';

test('the oldest files go until the rest fits', async t => {
	const {folder, log} = openFolder(t);
	for (const name of ['.1', '.2.gz', '.10', '.3']) fs.writeFileSync(log + name, '0123456789');
	fs.writeFileSync(`${log}.x`, '0123456789');
	fs.mkdirSync(`${log}.4`);
	const names = async () => (await listOldFiles(folder, 'out.log')).map(({entry}) => entry);
	t.deepEqual(await names(), ['out.log.1', 'out.log.2.gz', 'out.log.3', 'out.log.10']);
	t.is(await removeExcess(folder, 'out.log', 40), 0);
	t.is(await removeExcess(folder, 'out.log', 29), 2);
	t.deepEqual(await names(), ['out.log.1', 'out.log.2.gz']);
	t.is(await removeExcess(folder, 'out.log', -1), 2);
	t.true(fs.existsSync(`${log}.x`));
});
