import fs from 'node:fs';
import path from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import test from 'ava';
import {compressOldFiles} from '../../src/transcript/compress.js';
import {openFolder} from '../helpers/transcript.js';

const compress = (folder: string, runDirectory: string, signal = new AbortController().signal) =>
	compressOldFiles({folder, name: 'out.log', runDirectory, signal, inTurn: work => work()});

const logs = (folder: string) =>
	fs
		.readdirSync(folder)
		.filter(name => name !== 'state')
		.sort();

test('all old files but the newest are compressed, with their mode and time', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	for (const number of [1, 2, 3]) fs.writeFileSync(`${log}.${number}`, `content ${number}\n`);
	fs.chmodSync(`${log}.3`, 0o604);
	fs.utimesSync(`${log}.3`, 1000, 1000);
	t.is(await compress(folder, runDirectory), undefined);
	t.deepEqual(logs(folder), ['out.log.1', 'out.log.2.gz', 'out.log.3.gz']);
	t.is(gunzipSync(fs.readFileSync(`${log}.3.gz`)).toString(), 'content 3\n');
	const {mode, mtimeMs} = fs.statSync(`${log}.3.gz`);
	t.is(mode & 0o777, 0o604);
	t.is(mtimeMs, 1_000_000);
});

test('a file that is moved on meanwhile is compressed under its new number', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(`${log}.2`, 'x'.repeat(20_000_000));
	const compressing = compress(folder, runDirectory);
	fs.renameSync(`${log}.2`, `${log}.3`);
	t.is(await compressing, undefined);
	t.deepEqual(logs(folder), ['out.log.3.gz']);
});

test('what a crash has left is cleared up: half a file goes, of two whole ones the larger', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(path.join(folder, '.out.log.zeoctl-gzip'), 'half');
	fs.writeFileSync(`${log}.2`, 'the same\n');
	fs.writeFileSync(`${log}.2.gz`, gzipSync('the same\n'));
	for (const name of [`${log}.2`, `${log}.2.gz`]) fs.utimesSync(name, 1000, 1000);
	t.is(await compress(folder, runDirectory), undefined);
	t.deepEqual(logs(folder), ['out.log.2.gz']);
	t.is(gunzipSync(fs.readFileSync(`${log}.2.gz`)).toString(), 'the same\n');
});

test('an end that is asked for leaves the file as it was', async t => {
	const {folder, runDirectory, log} = openFolder(t);
	fs.writeFileSync(`${log}.2`, 'x'.repeat(50_000_000));
	const ending = new AbortController();
	const compressing = compress(folder, runDirectory, ending.signal);
	ending.abort();
	await compressing;
	t.deepEqual(logs(folder), ['out.log.2']);
});
