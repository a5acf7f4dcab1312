import {existsSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {appendHistory, type HistoryRecord, readHistory} from '../../src/history/history.js';
import {trimHistory} from '../../src/history/trim.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const line = (record: object): string => `${JSON.stringify(record)}\n`;
const end = (at: number): object => ({at, event: 'end', description: 'x'.repeat(500)});
const packs: readonly HistoryRecord[] = [
	{
		at: 1,
		event: 'decision',
		decision: 'pack-schedule',
		subject: 'main',
		description: 'packs at 17 3 * * 0',
		by: 'configuration',
	},
	{at: 2, event: 'pack-end', run: 'r1', slot: 1},
	{at: 3, event: 'report', about: 'pack', run: 'r1', message: 'm1'},
	{at: 4, event: 'mail', message: 'm1', subject: 'é', result: 'sent', reason: null, attempts: 1},
];

const writeHistory = (t: ExecutionContext, lines: readonly string[]) => {
	const directory = temporaryFolder(t);
	const file = path.join(directory, 'history');
	writeFileSync(file, lines.join(''), {mode: 0o600});
	return {directory, file};
};

const storm = Array.from({length: 2500}, (_, index) => line(end(10 + index)));

test('a storm of crashes does not push out what is known of packs and mail', t => {
	const {directory, file} = writeHistory(t, [...packs.map(line), ...storm]);
	t.true(appendHistory(directory, {at: 9999, event: 'alarm', alarm: 'disk', text: 'full'}));
	const kept = readHistory(directory);
	t.deepEqual(kept.slice(0, packs.length), packs);
	t.is(kept.at(-1)?.at, 9999);
	t.true(statSync(file).size < 300_000);
	t.is(statSync(file).mode & 0o777, 0o600);
});

test('packs are bounded as well, and the newest are kept', t => {
	const many = Array.from({length: 12_000}, (_, at) =>
		line({at, event: 'pack-end', run: `r${at}`, slot: null}),
	);
	const {directory, file} = writeHistory(t, [...many, line(end(20_000))]);
	trimHistory(file);
	t.true(statSync(file).size <= 510_000);
	t.deepEqual(
		readHistory(directory)
			.slice(-2)
			.map(({at}) => at),
		[11_999, 20_000],
	);
});

test('a trimmed history can be appended to', t => {
	const {directory, file} = writeHistory(t, storm);
	trimHistory(file);
	const last = packs[1];
	if (last === undefined) return t.fail();
	appendHistory(directory, last);
	t.deepEqual(readHistory(directory).at(-1), last);
	t.false(readFileSync(file, 'utf8').includes('\n\n'));
});

test('only one process trims at a time; one that died in the middle stops nobody for long', t => {
	const {file} = writeHistory(t, storm);
	const {size} = statSync(file);
	writeFileSync(`${file}.new`, 'torn');
	trimHistory(file);
	t.is(statSync(file).size, size);
	utimesSync(`${file}.new`, 1, 1);
	trimHistory(file);
	trimHistory(file);
	t.true(statSync(file).size < size);
	t.false(existsSync(`${file}.new`));
});
