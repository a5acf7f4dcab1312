import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {hasLoggedPack, reportsPack} from '../../src/guard/pack-log.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const at = new Date(2026, 10, 22, 23, 13, 18).getTime() / 1000;
const record = '2026-11-22T23:13:18 INFO ZEO.StorageServer (/x) pack(time=1795.0) complete';

const reports = test.macro((t, text: string, since: number, expected: boolean) => {
	t.is(reportsPack(text, since), expected);
});

test('a completed pack counts from its second on', reports, `------\n${record}\n`, at + 0.9, true);
test('an earlier one does not', reports, record, at + 1, false);
test('a blank between date and time is fine', reports, record.replace('T', ' '), at, true);
test(
	'a pack that was only started does not count',
	reports,
	record.replace('complete', 'started...'),
	0,
	false,
);
test('a line without a time does not count', reports, record.slice(20), 0, false);
test('one of many lines is enough', reports, `x\n${record.replace('26-', '36-')}\ny\n`, at, true);

test('only the logs that are there are read', t => {
	const folder = temporaryFolder(t);
	const log = path.join(folder, 'zeo.log');
	writeFileSync(log, `${'x'.repeat(5_000_000)}\n${record}\n`);
	t.true(hasLoggedPack([path.join(folder, 'none'), folder, log], at));
	t.false(hasLoggedPack([path.join(folder, 'none'), folder], at));
	t.false(hasLoggedPack([], at));
});
