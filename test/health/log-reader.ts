import {appendFileSync, renameSync, truncateSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createLogReader} from '../../src/health/log-reader.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const started = (time: number) => `INFO (x) pack(time=${time}) started...\n`;
const complete = (time: number) => `INFO (x) pack(time=${time}) complete\n`;

test('a log is read on, also in the middle of a line', t => {
	const file = path.join(temporaryFolder(t), 'log');
	const log = createLogReader();
	t.is(log.read(file).size, 0);
	writeFileSync(file, started(1).slice(0, 20));
	t.is(log.read(file).size, 0);
	appendFileSync(file, started(1).slice(20));
	t.is(log.read(file).size, 1);
	appendFileSync(file, complete(1));
	t.is(log.read(file).size, 0);
});

test('a rotated log is read from its beginning', t => {
	const file = path.join(temporaryFolder(t), 'log');
	writeFileSync(file, 'many words before\n'.repeat(100));
	const log = createLogReader();
	t.is(log.read(file).size, 0);
	renameSync(file, `${file}.1`);
	writeFileSync(file, started(1));
	t.is(log.read(file).size, 1);
});

test('a log that was cut in place is read from its beginning', t => {
	const file = path.join(temporaryFolder(t), 'log');
	writeFileSync(file, 'many words before\n'.repeat(100));
	const log = createLogReader();
	t.is(log.read(file).size, 0);
	truncateSync(file);
	appendFileSync(file, started(1));
	t.is(log.read(file).size, 1);
});

test('of a huge log only the end is read', t => {
	const file = path.join(temporaryFolder(t), 'log');
	writeFileSync(file, `${started(1)}${'x'.repeat(300 * 1024)}\n${started(2)}`);
	t.is(createLogReader().read(file).size, 1);
});

test('what is no file says nothing', t => {
	t.is(createLogReader().read(temporaryFolder(t)).size, 0);
	t.is(createLogReader().read('/dev/null').size, 0);
});
