import test from 'ava';
import {explainDiskRefusal, explainWriteFailure} from '../../src/transcript/write-failure.js';

const refuses = test.macro((t, message: string, words: string | undefined) => {
	t.is(explainDiskRefusal(message), words);
});

test(
	'a quota, as dd prints it with glibc',
	refuses,
	"dd: error writing '/proc/self/fd/3': Disk quota exceeded\n1+0 records in\n",
	'the quota is used up',
);
test('a quota with musl', refuses, 'dd: error writing: Quota exceeded', 'the quota is used up');
test(
	'a quota, as Node has it',
	refuses,
	"EDQUOT: disk quota exceeded, open '/var/log'",
	'the quota is used up',
);
test(
	'a full disk',
	refuses,
	"dd: fsync failed for '/proc/self/fd/3': No space left on device",
	'the disk is full',
);
test(
	'a read-only file system',
	refuses,
	'sh: 1: cannot create /proc/self/fd/3: Read-only file system',
	'the file system is read-only',
);
test(
	'a broken disk with musl',
	refuses,
	'dd: error writing: I/O error',
	'the disk reports an error',
);
test(
	'a missing right is nothing that the disk says',
	refuses,
	'EACCES: permission denied, open',
	undefined,
);
test('nor is a missing program', refuses, 'sh: 1: dd: not found', undefined);

test('an error of the system is told in words, any other as it is', t => {
	const noSpace = Object.assign(new Error('ENOSPC: no space left'), {code: 'ENOSPC'});
	t.is(explainWriteFailure(noSpace), 'the disk is full');
	t.is(explainWriteFailure(new Error('closed')), 'closed');
});
