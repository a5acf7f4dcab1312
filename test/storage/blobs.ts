import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {measureBlobs} from '../../src/storage/blobs.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('blobs are counted with their bytes, however deep; what is being uploaded is not', async t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, '0x00/0x01'), {recursive: true});
	mkdirSync(path.join(folder, 'tmp'));
	writeFileSync(path.join(folder, '.layout'), 'bushy');
	writeFileSync(path.join(folder, '0x00/0x01/0x03d.blob'), 'abc');
	writeFileSync(path.join(folder, '0x00/0x02.blob'), 'abcd');
	writeFileSync(path.join(folder, 'tmp/0x03.blob'), 'abcde');
	t.deepEqual(await measureBlobs(folder), {files: 2, bytes: 7});
	t.is(await measureBlobs(path.join(folder, 'none')), undefined);
});
