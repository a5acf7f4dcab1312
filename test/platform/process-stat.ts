import {readFileSync} from 'node:fs';
import process from 'node:process';
import test from 'ava';
import {parseProcessStat} from '../../src/platform/process-stat.js';

test('a process may call itself what it likes', t => {
	const fields = 'S 1 42 43 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 998877 1 2';
	t.deepEqual(parseProcessStat(`41 (a) R 9 (b c) ${fields}\n`), {
		name: 'a) R 9 (b c',
		state: 'S',
		group: 42,
		session: 43,
		cpuTicks: 11,
		startTicks: 998_877,
	});
});

test('our own entry is read', t => {
	const stat = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
	t.true(stat !== undefined && stat.startTicks > 0);
	t.is(stat?.name, readFileSync(`/proc/${process.pid}/comm`, 'utf8').trimEnd());
});

test('text that is no entry gives nothing', t => {
	for (const text of ['', 'nonsense', ')', '1 (x']) t.is(parseProcessStat(text), undefined);
});
