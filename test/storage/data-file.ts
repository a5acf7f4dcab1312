import {appendFileSync, copyFileSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {type ByteReader, readContent} from '../../src/storage/data-file.js';
import type {DataContent} from '../../src/storage/kind.js';
import {fileStorage} from '../../src/storage/zeo.js';

import {type StorageStep, withZodb} from '../helpers/file-storage.js';
import {seededRandom} from '../helpers/seeded-random.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const readerOf = (bytes: Buffer): ByteReader & {reads: () => number} => {
	let reads = 0;
	return {
		size: bytes.length,
		read(position, length) {
			reads++;
			return bytes.subarray(position, position + length);
		},
		reads: () => reads,
	};
};

/** The last transaction as we read it, with and without the help of the index. */
const lastOf = (file: string): string | null => {
	const content = fileStorage.inspect(file).data?.content;
	if (content?.state === 'transactions') return content.last.tid;
	if (content?.state === 'empty') return null;
	throw new Error(`${file}: ${content?.state}`);
};

const sources = (folder: string): readonly StorageStep[] => {
	const file = (name: string) => path.join(folder, name);
	const old = Date.UTC(2020, 1, 29, 23, 59) / 1000;
	return [
		{do: 'create', path: file('empty')},
		{do: 'commit', path: file('one'), count: 1},
		{do: 'commit', path: file('small'), count: 30, bytes: 1},
		{do: 'commit', path: file('dated'), count: 20, at: old},
		{do: 'commit', path: file('noted'), count: 5, note: 'ä note '.repeat(300)},
		{do: 'commit', path: file('large'), count: 3, bytes: 3_000_000},
		{do: 'commit', path: file('zeros'), count: 40, bytes: 0},
		{do: 'commit', path: file('packed'), count: 30},
		{do: 'pack', path: file('packed')},
		{do: 'commit', path: file('dropped'), count: 10, at: old},
		{do: 'drop', path: file('dropped')},
		{do: 'pack', path: file('dropped'), keepOld: false},
		{do: 'commit', path: file('grown'), count: 10, at: old},
		{do: 'pack', path: file('grown')},
		{do: 'commit', path: file('grown'), count: 10},
		{do: 'commit', path: file('undone'), count: 4},
		{do: 'undo', path: file('undone')},
		{do: 'copy', path: file('dated'), to: file('copied')},
		{do: 'commit', path: file('voted'), count: 4},
		{do: 'unfinished', path: file('voted')},
	];
};

test('the last transaction is the one that ZODB names, also of torn and damaged ends', async t => {
	const folder = temporaryFolder(t);
	const steps = sources(folder);
	if ((await withZodb(t, steps)) === undefined) return;
	const names = [...new Set(steps.map(({path}) => path)), path.join(folder, 'copied')];
	const {below} = seededRandom(20261122);
	const copies: string[] = [];
	const derive = (name: string, change: (file: string, size: number) => void, indexed = true) => {
		const copy = `${name}-${copies.length}`;
		copyFileSync(name, copy);
		if (indexed) copyFileSync(`${name}.index`, `${copy}.index`);
		change(copy, readFileSync(name).length);
		copies.push(copy);
	};
	for (const name of names) {
		derive(name, () => undefined);
		derive(name, () => undefined, false);
		for (let round = 0; round < 25; round++) {
			derive(name, (file, size) => truncateSync(file, 4 + below(size - 3)), round % 2 === 0);
		}
		for (let length = 1; length <= 60; length += 7) {
			derive(name, (file, size) => truncateSync(file, Math.max(4, size - length)), false);
			derive(name, file => appendFileSync(file, Buffer.alloc(length)));
		}
		derive(name, file => appendFileSync(file, Buffer.alloc(200_000)));
	}
	const ours = copies.map(lastOf);
	const theirs = await withZodb(
		t,
		copies.map(copy => ({do: 'last', path: copy})),
	);
	t.true(copies.length > 500);
	t.deepEqual(
		copies.filter((_, index) => ours[index] !== theirs?.[index]),
		[],
	);
	t.log(`${copies.length} files compared`);
});

test('a voted but unfinished transaction is not the last one', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	const answers = await withZodb(t, [
		{do: 'commit', path: file, count: 3},
		{do: 'unfinished', path: file},
	]);
	if (answers === undefined) return;
	const content = fileStorage.inspect(file).data?.content;
	t.like(content, {state: 'transactions', last: {tid: answers[0], packed: false}});
	t.true(content?.state === 'transactions' && content.tail > 10_000);
});

test('a whole storage inside of an object is not mistaken for the storage', async t => {
	const folder = temporaryFolder(t);
	const [inner, outer] = [path.join(folder, 'inner'), path.join(folder, 'outer')];
	const answers = await withZodb(t, [
		{do: 'commit', path: inner, count: 20},
		{do: 'commit', path: outer, count: 2},
	]);
	if (answers === undefined) return;
	const embedded = readFileSync(inner);
	const header = Buffer.alloc(23 + 42);
	header.write('0500000000000000', 0, 'hex');
	header.writeBigUInt64BE(BigInt(embedded.length + 1_000_000), 8);
	header.write(' ', 16);
	appendFileSync(outer, Buffer.concat([header, embedded]));
	t.like(fileStorage.inspect(outer).data?.content, {last: {tid: answers[1]}});
});

test('a file of any size costs a handful of reads', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	if ((await withZodb(t, [{do: 'commit', path: file, count: 500, bytes: 2000}])) === undefined)
		return;
	const reader = readerOf(readFileSync(file));
	t.is(readContent(reader).state, 'transactions');
	t.true(reader.reads() < 10, String(reader.reads()));
});

/** A record as it stands in the file: one object of so many bytes, of which nothing but the ends is there. */
const recordAt = (start: number, tid: string, dataLength: number) => {
	const length = 23 + 42 + dataLength;
	const head = Buffer.alloc(23 + 42);
	head.write(tid, 0, 'hex');
	head.writeBigUInt64BE(BigInt(length), 8);
	head.write(' ', 16);
	head.write(tid, 23 + 8, 'hex');
	head.writeBigUInt64BE(BigInt(start), 23 + 24);
	const tail = Buffer.alloc(8);
	tail.writeBigUInt64BE(BigInt(length));
	return {head, tail, start, end: start + length + 8};
};

test('100 GB cost no more than 100 bytes, and little more behind a torn end', t => {
	const magic = {start: 0, bytes: Buffer.from('FS30')};
	const large = recordAt(4, '03f0000000000001', 100e9);
	const last = recordAt(large.end, '03f0000000000002', 5000);
	const parts = [
		magic,
		...[large, last].flatMap(({head, tail, start, end}) => [
			{start, bytes: head},
			{start: end - 8, bytes: tail},
		]),
	];
	const sparse = (size: number) => {
		let reads = 0;
		return {
			size,
			reads: () => reads,
			read(position: number, length: number) {
				reads++;
				const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - position)));
				for (const {start, bytes: content} of parts) {
					const from = Math.max(start, position);
					const to = Math.min(start + content.length, position + bytes.length);
					if (from < to) content.copy(bytes, from - position, from - start, to - start);
				}
				return bytes;
			},
		};
	};
	const whole = sparse(last.end);
	t.like(readContent(whole), {last: {tid: '03f0000000000002'}, tail: 0});
	t.true(whole.reads() < 10);
	const torn = sparse(last.end + 30e6);
	t.like(readContent(torn), {last: {tid: '03f0000000000002'}, tail: 30e6});
	t.true(torn.reads() < 100, String(torn.reads()));
});

test('the first transaction and the marks of a pack are read', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	const answers = await withZodb(t, [
		{do: 'commit', path: file, count: 3, at: 1_600_000_000},
		{do: 'pack', path: file},
		{do: 'commit', path: file, count: 2},
	]);
	if (answers === undefined) return;
	const {data, old, pack, index} = fileStorage.inspect(file);
	t.like(data?.content, {first: {packed: true}, last: {tid: answers[2], packed: false}});
	t.like(old?.content, {first: {packed: false}, last: {tid: answers[0]}});
	t.is(pack, undefined);
	t.is(index?.indexedTo, data?.size);
	t.true(index?.hasEntries);
});

test('the index of an empty storage has no entries', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	if ((await withZodb(t, [{do: 'create', path: file}])) === undefined) return;
	const {data, index} = fileStorage.inspect(file);
	t.like(data, {size: 4, magic: 'FS30', content: {state: 'empty', tail: 0}});
	t.like(index, {hasEntries: false, indexedTo: 4});
});

const contentOf = test.macro((t, bytes: string, state: DataContent['state']) => {
	t.is(readContent(readerOf(Buffer.from(bytes, 'latin1'))).state, state);
});

test('a file without a byte is empty', contentOf, '', 'empty');
test('the header alone is empty', contentOf, 'FS30', 'empty');
test('the header of Python 2 alone is empty', contentOf, 'FS21', 'empty');
test('half a header is foreign', contentOf, 'FS', 'foreign');
test('another file is foreign', contentOf, 'SQLite format 3\0', 'foreign');
test('zeros are foreign', contentOf, '\0'.repeat(100), 'foreign');
test('a first transaction that never came to its end is none', contentOf, 'FS30\x03\xf0', 'empty');

test('a folder, a missing file and a pipe in place of a data file are told apart', t => {
	const folder = temporaryFolder(t);
	t.is(fileStorage.inspect(folder).data?.content.state, 'unreadable');
	t.is(fileStorage.inspect(path.join(folder, 'none')).data, undefined);
	writeFileSync(path.join(folder, 'file'), 'FS30');
	t.is(fileStorage.inspect(path.join(folder, 'file', 'none')).data, undefined);
});
