import {closeSync, openSync, writeSync} from 'node:fs';
import test from 'ava';
import {parseProcessIo, readProcessIo} from '../../src/platform/process-io.js';

test('the counters of a process', t => {
	const text = 'rchar: 100\nwchar: 20\nsyscr: 7\nsyscw: 3\nread_bytes: 0\nwrite_bytes: 4096\n';
	t.deepEqual(parseProcessIo(text), {bytes: 120, writeCalls: 3});
	t.is(parseProcessIo('rchar: 100\n'), undefined);
	t.is(parseProcessIo(''), undefined);
});

test('a write that fails counts as a call', t => {
	const full = openSync('/dev/full', 'w');
	const before = readProcessIo(process.pid);
	t.throws(() => writeSync(full, 'x'), {code: 'ENOSPC'});
	closeSync(full);
	const after = readProcessIo(process.pid);
	t.true((after?.writeCalls ?? 0) > (before?.writeCalls ?? 0));
});

test('a process that is gone has none', t => {
	t.is(readProcessIo(2 ** 22 + 1), undefined);
});
