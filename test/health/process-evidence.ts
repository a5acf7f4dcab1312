import {closeSync, openSync, readSync, symlinkSync, writeFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readDescriptors, readEffort, readStorages} from '../../src/health/process-evidence.js';
import type {StorageSettings} from '../../src/settings/settings.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const storageAt = (file: string | undefined): StorageSettings => ({
	name: 'main',
	type: 'filestorage',
	path: file,
	blobDirectory: undefined,
	readOnly: false,
	create: false,
});

test('the descriptors of a process on a storage show how far it is', async t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'Data.fs');
	writeFileSync(file, 'x'.repeat(100));
	const link = path.join(folder, 'link.fs');
	writeFileSync(`${link}.pack`, 'y'.repeat(7));
	symlinkSync(file, link);
	const writer = openSync(file, 'r+');
	const reader = openSync(file, 'r');
	t.teardown(() => {
		closeSync(writer);
		closeSync(reader);
	});
	writeSync(writer, 'abc');
	readSync(reader, Buffer.alloc(42));
	const [seen] = await readStorages(process.pid, [storageAt(link), storageAt(undefined)], true);
	t.like(seen, {
		name: 'main',
		dataBytes: 100,
		packBytes: 7,
		hasIndex: false,
		hasPackOpen: false,
		writer: {position: 3},
	});
	t.is(seen?.readers?.length, 1);
	t.is(seen?.readers?.[0]?.position, 42);
	const pack = openSync(`${link}.pack`, 'r+');
	t.teardown(() => closeSync(pack));
	const [packing] = await readStorages(process.pid, [storageAt(link)], true);
	t.like(packing, {packBytes: 7, hasPackOpen: true});
});

test('without descriptors only the files are seen', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(file, 'x');
	writeFileSync(`${file}.index`, 'x');
	const [seen] = await readStorages(process.pid, [storageAt(file)], false);
	t.like(seen, {dataBytes: 1, hasIndex: true, readers: null, hasPackOpen: null});
});

test('a process that is gone shows nothing', async t => {
	const gone = 4_194_305;
	t.deepEqual(readEffort(gone), {cpuTicks: 0, ioBytes: null});
	t.is(readDescriptors(gone), undefined);
	const [seen] = await readStorages(gone, [storageAt('/nowhere/Data.fs')], true);
	t.like(seen, {dataBytes: null, readers: null, hasPackOpen: null});
});

test('work shows as processor time and bytes', t => {
	const before = readEffort(process.pid);
	const until = performance.now() + 60;
	while (performance.now() < until) {
		writeSync(openNull(), 'x');
	}
	const after = readEffort(process.pid);
	t.true(after.cpuTicks > before.cpuTicks);
	t.true((after.ioBytes ?? 0) > (before.ioBytes ?? 0));
});

let nullDescriptor: number | undefined;
const openNull = (): number => {
	nullDescriptor ??= openSync('/dev/null', 'w');
	return nullDescriptor;
};

test('open descriptors are counted against the limit', t => {
	const before = readDescriptors(process.pid);
	const opened = [1, 2, 3].map(() => openSync('/dev/null', 'r'));
	const after = readDescriptors(process.pid);
	for (const descriptor of opened) closeSync(descriptor);
	t.true((before?.limit ?? 0) > 3);
	t.true((after?.open ?? 0) >= (before?.open ?? 0) + 3);
});
