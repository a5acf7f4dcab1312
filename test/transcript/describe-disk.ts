import test from 'ava';
import {describeDisk} from '../../src/transcript/describe-disk.js';
import type {DiskVerdict} from '../../src/transcript/disk-watch.js';

const says = test.macro((t, verdict: DiskVerdict, problem: string, news: string) => {
	t.deepEqual(describeDisk(verdict, '/var/log/zeo'), {problem, news});
});

test('a disk that is well is not spoken of', t => {
	t.is(describeDisk({disk: 'well'}, '/var/log/zeo'), undefined);
});
test(
	'a refused write is told in the words of the pump',
	says,
	{disk: 'failing', what: 'write', failure: 'the quota is used up'},
	'the quota is used up',
	'output cannot be written: the quota is used up',
);
const noFile = 'no file can be made in /var/log/zeo: the disk is full';
test(
	'where no file can be made, it is not claimed that nothing can be written',
	says,
	{disk: 'failing', what: 'file', failure: 'the disk is full'},
	noFile,
	noFile,
);
const hangs = 'the disk does not answer: a write of 4 KiB in /var/log/zeo is not done after 10 s';
test(
	'a disk that hangs: what was seen',
	says,
	{disk: 'hanging'},
	hangs,
	`output cannot be written: ${hangs}`,
);
const slow = 'the disk is slow: a write of 4 KiB in /var/log/zeo took 12 s';
test('a disk that is slow: what it took', says, {disk: 'slow', tookMs: 12_345}, slow, slow);
