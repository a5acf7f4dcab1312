import {appendFileSync, chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {appendHistory, type HistoryRecord} from '../../src/history/history.js';
import {readLastRecords} from '../../src/history/read-last.js';
import {asOrdinaryUser} from '../helpers/ordinary-user.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const alarm = (at: number, text: string): HistoryRecord => ({at, event: 'alarm', alarm: 'x', text});

test('the last records come, oldest first', t => {
	const folder = temporaryFolder(t);
	for (let at = 1; at <= 5; at++) appendHistory(folder, alarm(at, 'ä'));
	t.deepEqual(readLastRecords(folder, 2), [alarm(4, 'ä'), alarm(5, 'ä')]);
	t.is(readLastRecords(folder, 100).length, 5);
	t.deepEqual(
		readLastRecords(folder, 1, ({at}) => at < 3),
		[alarm(2, 'ä')],
	);
});

test('without a history there are none', t => {
	t.deepEqual(readLastRecords(path.join(temporaryFolder(t), 'none'), 5), []);
});

test('lines across and larger than blocks are whole', t => {
	const folder = temporaryFolder(t);
	const texts = [10, 65_536, 200_000, 3, 65_530, 65_500, 1].map(length => 'ü'.repeat(length / 2));
	for (const [at, text] of texts.entries()) appendHistory(folder, alarm(at, text));
	t.deepEqual(
		readLastRecords(folder, 100).map(record => record.event === 'alarm' && record.text.length),
		texts.map(({length}) => length),
	);
});

test('whatever the place of a block, every line is found', t => {
	const folder = temporaryFolder(t);
	const file = path.join(folder, 'history');
	const line = (at: number) => `${JSON.stringify(alarm(at, ''))}\n`;
	for (let shift = 0; shift < 60; shift++) {
		const filler = `${' '.repeat(65_536 - 120 + shift)}\n`;
		writeFileSync(file, line(1) + line(2) + filler + line(3));
		t.deepEqual(
			readLastRecords(folder, 9).map(({at}) => at),
			[1, 2, 3],
			String(shift),
		);
	}
});

test('torn lines and empty ones are passed over', t => {
	const folder = temporaryFolder(t);
	appendHistory(folder, alarm(1, 'a'));
	appendFileSync(path.join(folder, 'history'), '\n\n{"at":2,"event":"al');
	t.deepEqual(readLastRecords(folder, 5), [alarm(1, 'a')]);
});

test('a history that may not be read is an error', t => {
	const folder = temporaryFolder(t);
	appendHistory(folder, alarm(1, 'a'));
	chmodSync(folder, 0o700);
	chmodSync(path.join(folder, 'history'), 0o000);
	t.throws(() => asOrdinaryUser(() => readLastRecords(folder, 5)), {code: 'EACCES'});
});
