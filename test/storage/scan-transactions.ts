import {closeSync, openSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {bufferedReader} from '../../src/storage/buffered-reader.js';
import {scanFromStart, scanTransactions} from '../../src/storage/scan-transactions.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {dataFileOf, transactionAt} from '../helpers/transactions.js';

const whole = dataFileOf(5);
const none = Buffer.alloc(0);

const scan = async (t: ExecutionContext, bytes: Buffer, from = scanFromStart) => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(file, bytes);
	const fd = openSync(file, 'r');
	t.teardown(() => closeSync(fd));
	const options = {signal: new AbortController().signal, onProgress: () => undefined};
	return scanTransactions(bufferedReader(fd), from, options);
};

const ends = test.macro(async (t, rest: Buffer, expected: string) => {
	t.deepEqual(await scan(t, Buffer.concat([whole.bytes, rest])), {
		count: 5,
		lastTid: whole.tids[4],
		end: whole.bytes.length,
		rest: expected as 'nothing',
	});
});

const next = transactionAt(whole.bytes.length, 6);
const changed = (offset: number, value: number): Buffer => {
	const bytes = Buffer.from(next);
	bytes[offset] = value;
	return bytes;
};

test('all are counted to the end', ends, none, 'nothing');
test(
	'one that is voted for does not count',
	ends,
	transactionAt(whole.bytes.length, 6, {status: 'c'}),
	'unfinished',
);
test('one that is cut off does not count', ends, next.subarray(0, 80), 'torn');
test('a header that is cut off does not count', ends, next.subarray(0, 10), 'torn');
test('zeros are damage', ends, Buffer.alloc(500), 'damaged');
test('another length at the end is damage', ends, changed(next.length - 1, 9), 'damaged');
test('an unknown status is damage', ends, changed(16, 120), 'damaged');
test('an object that points elsewhere is damage', ends, changed(23 + 31, 255), 'damaged');
test('an older transaction is damage', ends, transactionAt(whole.bytes.length, 2), 'damaged');

test('an earlier scan is gone on from', async t => {
	const first = await scan(t, dataFileOf(2).bytes);
	const {count, lastTid} = await scan(t, whole.bytes, first);
	t.deepEqual({count, lastTid}, {count: 5, lastTid: whole.tids[4]});
});

test('transactions larger than the window of the reader are found', async t => {
	const {bytes, tids} = dataFileOf(3, {bytes: 700_000});
	t.like(await scan(t, bytes), {count: 3, lastTid: tids[2], rest: 'nothing'});
});

test('a long scan can be ended', async t => {
	const file = path.join(temporaryFolder(t), 'Data.fs');
	writeFileSync(file, dataFileOf(25_000, {bytes: 1}).bytes);
	const fd = openSync(file, 'r');
	t.teardown(() => closeSync(fd));
	const ending = new AbortController();
	const seen: number[] = [];
	const scanning = scanTransactions(bufferedReader(fd), scanFromStart, {
		signal: ending.signal,
		onProgress(end) {
			seen.push(end);
			ending.abort();
		},
	});
	await t.throwsAsync(scanning, {any: true, name: 'AbortError'});
	t.is(seen.length, 1);
});
