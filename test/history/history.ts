import {appendFileSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {appendHistory, type HistoryRecord, readHistory} from '../../src/history/history.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const start = (pid: number): HistoryRecord => ({at: 1.5, event: 'start', pid, supervisor: 1});

test('what is appended is read back, oldest first', t => {
	const folder = temporaryFolder(t);
	appendHistory(folder, start(7));
	appendHistory(folder, start(8));
	t.deepEqual(readHistory(folder), [start(7), start(8)]);
});

test('a decision is kept like what happened', t => {
	const folder = temporaryFolder(t);
	const decision: HistoryRecord = {
		at: 2,
		event: 'decision',
		decision: 'accept-database',
		subject: 'main',
		description: 'accepted',
		by: 'zope',
	};
	appendHistory(folder, decision);
	t.deepEqual(readHistory(folder), [decision]);
});

test('every kind of record is read back', t => {
	const folder = temporaryFolder(t);
	const records: readonly HistoryRecord[] = [
		{at: 1, event: 'health', verdict: 'failed', reason: 'mute', pid: 7},
		{
			at: 2,
			event: 'decision',
			decision: 'restart',
			subject: 'pid 7',
			description: 'mute',
			by: 'health',
		},
		{at: 3, event: 'alarm', alarm: 'disk', text: 'full'},
	];
	for (const record of records) appendHistory(folder, record);
	t.deepEqual(readHistory(folder), records);
});

test('a folder without a history has an empty one', t => {
	t.deepEqual(readHistory(path.join(temporaryFolder(t), 'none')), []);
});

test('a torn last line is passed over, and does not spoil the next', t => {
	const folder = temporaryFolder(t);
	appendHistory(folder, start(7));
	appendFileSync(path.join(folder, 'history'), '{"at":2,"event":"sta');
	appendHistory(folder, start(8));
	t.deepEqual(readHistory(folder), [start(7), start(8)]);
});

test('records of an unknown kind are passed over', t => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'history'), '{"at":1,"event":"future"}\n[]\nnull\n');
	t.deepEqual(readHistory(folder), []);
});

test('the history is private and bounded, and keeps the newest records', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'history');
	for (let pid = 1; pid <= 20_000; pid++) {
		if (pid === 1 || pid > 19_990) appendHistory(folder, start(pid));
		else appendFileSync(file, `${JSON.stringify(start(pid))}\n`);
	}
	t.is(statSync(file).mode & 0o777, 0o600);
	t.true(readFileSync(file).length < 1_100_000);
	t.deepEqual(readHistory(folder).at(-1), start(20_000));
});

test('a history that cannot be written to stops nobody', t => {
	t.false(appendHistory('/proc/nowhere', start(7)));
});
