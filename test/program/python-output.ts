import test from 'ava';
import {findPrintedError, readPythonString} from '../../src/program/python-output.js';

const traceback = [
	'------',
	"2026-11-23T01:16:57 INFO ZEO.runzeo (10903) opening storage 'main' using FileStorage",
	'Traceback (most recent call last):',
	'  File "/v/zc/lockfile/__init__.py", line 60, in _lock_file',
	'    fcntl.flock(file.fileno(), _flags)',
	'BlockingIOError: [Errno 11] Resource temporarily unavailable',
	'',
	'During handling of the above exception, another exception occurred:',
	'',
	'Traceback (most recent call last):',
	'  File "/v/bin/runzeo", line 8, in <module>',
	'    sys.exit(main())',
	'             ^^^^^^',
	'  File "/v/ZEO/runzeo.py", line 405, in main',
	'    s.main()',
	"zc.lockfile.LockError: Couldn't lock '/srv/Data.fs.lock'",
];

const lockError = {
	printed: 'exception',
	name: 'zc.lockfile.LockError',
	message: "Couldn't lock '/srv/Data.fs.lock'",
	frames: ['/v/bin/runzeo <module>', '/v/ZEO/runzeo.py main'],
} as const;

test('the last line of the last traceback is the error', t => {
	t.deepEqual(findPrintedError(traceback), lockError);
});

test('a traceback without its beginning is still read', t => {
	const {printed, name, message} = lockError;
	t.like(findPrintedError(traceback.slice(-2)), {printed, name, message});
	t.is(findPrintedError(traceback.slice(-1)), undefined);
});

test('an exception without a message is read', t => {
	t.like(findPrintedError(['  File "<frozen x>", line 1131, in get_data', 'MemoryError']), {
		name: 'MemoryError',
		message: '',
	});
});

test('what is printed after a traceback does not hide it', t => {
	t.deepEqual(findPrintedError([...traceback, 'some more words', '  indented']), lockError);
});

test('an exception that Python ignores is no error of the program', t => {
	const ignored = [
		'2026-11-23T01:17:09 INFO ZEO.runzeo (11032) terminated by SIGTERM',
		'Exception ignored in: <function BaseEventLoop.__del__ at 0x7f40071a7c40>',
		'Traceback (most recent call last):',
		'  File "/usr/lib/python3.11/asyncio/base_events.py", line 694, in __del__',
		'    self.close()',
		'ValueError: Invalid file descriptor: -1',
	];
	t.is(findPrintedError(ignored), undefined);
	t.deepEqual(findPrintedError([...traceback, ...ignored]), lockError);
});

test('an option error is read with its further lines', t => {
	t.deepEqual(
		findPrintedError([
			"Error: unknown type name: 'relstorage'",
			'(line 4 in file:///etc/zeo.conf)',
			'For help, use /v/bin/runzeo -h',
		]),
		{
			printed: 'error',
			message: "unknown type name: 'relstorage'\n(line 4 in file:///etc/zeo.conf)",
		},
	);
});

test('an option error without the line for help is its first line', t => {
	t.deepEqual(findPrintedError(['Error: no', 'other words']), {printed: 'error', message: 'no'});
});

for (const output of [[], [''], ['listening on 8100'], ['Note: fine'], ['  ', '  a: b']]) {
	test(`${JSON.stringify(output)} holds no error`, t => {
		t.is(findPrintedError(output), undefined);
	});
}

for (const [printed, value] of [
	[`[Errno 13] Permission denied: '/srv/Data.fs'`, '/srv/Data.fs'],
	[`Couldn't lock '/srv/Data.fs.lock'`, '/srv/Data.fs.lock'],
	[`[Errno 2] No such file or directory: "/srv/it's here"`, "/srv/it's here"],
	[`'/srv/both \\' and "'`, `/srv/both ' and "`],
	[`'back\\\\slash\\n\\t\\x07\\u2028\\U0001f418'`, 'back\\slash\n\t\u0007\u2028🐘'],
	[`'\\U7fffffff'`, ''],
	['[Errno 2] No such file or directory', undefined],
	['', undefined],
] as const) {
	test(`of ${printed} the path is ${value}`, t => {
		t.is(readPythonString(printed), value);
	});
}
