import {
	closeSync,
	existsSync,
	fstatSync,
	ftruncateSync,
	openSync,
	readdirSync,
	readFileSync,
	statSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {nameOf} from '../../src/storage/open-files.js';
import {rescueFile, SourceChanged} from '../../src/storage/rescue-file.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {dataFileOf, transactionAt} from '../helpers/transactions.js';

/** A file that only we still have open. */
const lostFile = (t: ExecutionContext, bytes: Buffer, mode = 0o640) => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'Data.fs');
	writeFileSync(file, bytes, {mode});
	const fd = openSync(file, 'r+');
	t.teardown(() => closeSync(fd));
	unlinkSync(file);
	return {folder, fd, target: path.join(folder, 'copy'), inode: String(fstatSync(fd).ino)};
};

type Lost = ReturnType<typeof lostFile>;

const rescue = (
	{fd, target, inode}: Lost,
	{
		onProgress = () => undefined,
		signal = new AbortController().signal,
	}: Partial<Pick<Parameters<typeof rescueFile>[0], 'onProgress' | 'signal'>> = {},
) => rescueFile({source: nameOf(process.pid, fd), inode, target, pid: 1, onProgress, signal});

const whole = dataFileOf(5);

test('a deleted file is copied whole, with its permissions', async t => {
	const lost = lostFile(t, whole.bytes);
	t.deepEqual(await rescue(lost), {
		bytes: whole.bytes.length,
		transactions: 5,
		lastTransaction: whole.tids[4],
		leftOut: 0,
		damagedAt: undefined,
	});
	t.true(readFileSync(lost.target).equals(whole.bytes));
	t.is(statSync(lost.target).mode & 0o777, 0o640);
	t.deepEqual(readdirSync(lost.folder), ['copy']);
});

test('an unfinished transaction is left out', async t => {
	const voted = transactionAt(whole.bytes.length, 6, {status: 'c'});
	const lost = lostFile(t, Buffer.concat([whole.bytes, voted]));
	t.like(await rescue(lost), {transactions: 5, leftOut: voted.length, damagedAt: undefined});
	t.true(readFileSync(lost.target).equals(whole.bytes));
});

test('of a damaged file everything is copied, and where the damage begins is told', async t => {
	const bytes = Buffer.concat([whole.bytes, Buffer.from('garbage that is no transaction at all')]);
	const lost = lostFile(t, bytes);
	t.like(await rescue(lost), {transactions: 5, leftOut: 0, damagedAt: whole.bytes.length});
	t.true(readFileSync(lost.target).equals(bytes));
});

test('something that is no data file is copied, and told', async t => {
	const lost = lostFile(t, Buffer.from('hello'));
	t.like(await rescue(lost), {transactions: 0, bytes: 5, damagedAt: 0});
});

test('an empty database is copied', async t => {
	t.like(await rescue(lostFile(t, Buffer.from('FS30'))), {transactions: 0, bytes: 4});
});

test('a server may go on writing, and finish what it had voted for', async t => {
	const start = dataFileOf(30_000);
	const lost = lostFile(t, start.bytes);
	let end = start.bytes.length;
	let number = 30_000;
	const vote = (): void => {
		number += 1;
		writeSync(
			lost.fd,
			transactionAt(end, number, {bytes: 5000, status: 'c'}),
			undefined,
			undefined,
			end,
		);
	};
	const finish = (): void => {
		writeSync(lost.fd, ' ', end + 16);
		end = fstatSync(lost.fd).size;
	};
	vote();
	let count = 0;
	const copied = await rescue(lost, {
		onProgress() {
			count += 1;
			if (count > 8) return;
			finish();
			vote();
		},
	});
	t.is(copied.transactions, number - 1);
	t.true(copied.transactions >= 30_004);
	t.is(copied.bytes, end);
	t.is(copied.damagedAt, undefined);
	const present = readFileSync(nameOf(process.pid, lost.fd)).subarray(0, end);
	t.true(readFileSync(lost.target).equals(present));
});

test('a transaction that is given up while it is copied leaves nothing behind', async t => {
	const lost = lostFile(t, whole.bytes);
	const end = whole.bytes.length;
	writeSync(lost.fd, transactionAt(end, 6, {bytes: 9000, status: 'c'}), undefined, undefined, end);
	let isFirst = true;
	const copied = await rescue(lost, {
		onProgress() {
			if (!isFirst) return;
			isFirst = false;
			ftruncateSync(lost.fd, end);
			writeSync(lost.fd, transactionAt(end, 7), undefined, undefined, end);
		},
	});
	t.like(copied, {transactions: 6, leftOut: 0, damagedAt: undefined});
});

test('nothing is overwritten', async t => {
	const lost = lostFile(t, whole.bytes);
	writeFileSync(lost.target, 'mine');
	await t.throwsAsync(rescue(lost), {code: 'EEXIST'});
	t.is(readFileSync(lost.target, 'utf8'), 'mine');
	t.deepEqual(readdirSync(lost.folder), ['copy']);
});

test('a name that is taken meanwhile is not overwritten either', async t => {
	const lost = lostFile(t, whole.bytes);
	const rescuing = rescue(lost, {onProgress: () => writeFileSync(lost.target, 'mine')});
	await t.throwsAsync(rescuing, {code: 'EEXIST'});
	t.is(readFileSync(lost.target, 'utf8'), 'mine');
	t.deepEqual(readdirSync(lost.folder), ['copy']);
});

test('an interruption leaves nothing behind', async t => {
	const lost = lostFile(t, dataFileOf(3, {bytes: 6_000_000}).bytes);
	const ending = new AbortController();
	const rescuing = rescue(lost, {signal: ending.signal, onProgress: () => ending.abort()});
	await t.throwsAsync(rescuing, {any: true, name: 'AbortError'});
	t.deepEqual(readdirSync(lost.folder), []);
});

test('another file than the one that was seen is not copied', async t => {
	const lost = lostFile(t, whole.bytes);
	await t.throwsAsync(rescue({...lost, inode: '1'}), {instanceOf: SourceChanged});
	t.false(existsSync(lost.target));
});
