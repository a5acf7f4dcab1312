import test from 'ava';
import {decodeFailure} from '../../src/program/failure.js';
import {
	type Failure,
	type FailureEvidence,
	unusableConfiguration,
} from '../../src/program/failure-kinds.js';
import type {ServerSettings} from '../../src/settings/settings.js';
import {toLastExit} from '../helpers/failures.js';

const server: ServerSettings = {
	confPath: '/srv/etc/zeo.conf',
	zeo: {
		address: {family: 'unix', path: '/srv/run/zeo.sock'},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	},
	storages: [
		{
			name: 'main',
			type: 'filestorage',
			path: '/srv/var/Data.fs',
			blobDirectory: undefined,
			readOnly: false,
			create: false,
		},
	],
	hasEventLog: false,
};

const decode = (output: readonly string[], more: Partial<FailureEvidence> = {}): Failure =>
	decodeFailure({
		exit: toLastExit({code: 1}),
		output,
		argv: ['/srv/bin/runzeo', '-C', '/srv/etc/zeo.conf'],
		...more,
	});

const raised = (line: string, frame = '/v/ZEO/runzeo.py", line 405, in main') => [
	'Traceback (most recent call last):',
	`  File "${frame}`,
	'    s.main()',
	line,
];

const refused = (...lines: readonly string[]) => [
	`Error: ${lines.join('\n')}`,
	'For help, use /srv/bin/runzeo -h',
];

const texts: readonly (readonly [readonly string[], Partial<Failure>])[] = [
	[
		refused("address ('127.0.0.1', 8100) already in use"),
		{
			kind: 'address-in-use',
			cause: 'the address 127.0.0.1:8100 is already in use',
			subject: {address: {family: 'inet', host: '127.0.0.1', port: 8100}},
		},
	],
	[
		refused("address ('::1', 8100, 0, 0) already in use"),
		{subject: {address: {family: 'inet6', host: '::1', port: 8100}}},
	],
	[refused("address ('', 8100) already in use"), {cause: 'the address *:8100 is already in use'}],
	[
		refused("address '/srv/run/zeo.sock' already in use"),
		{subject: {address: {family: 'unix', path: '/srv/run/zeo.sock'}}},
	],
	[
		refused(
			'The directory named as part of the path /srv/no/Data.fs does not exist. (line 5, in file:///srv/etc/zeo.conf)',
		),
		{
			kind: 'missing-folder',
			subject: {path: '/srv/no', place: {file: '/srv/etc/zeo.conf', line: 5}},
			hint: 'mkdir -p /srv/no',
		},
	],
	[
		[
			"Error: 'bogus' is not a known key name",
			'(line 3 in file:///srv/my%20etc/zeo.conf)',
			'For help, use x -h',
		],
		{
			kind: 'unknown-key',
			cause: "the key 'bogus' is not known here (/srv/my etc/zeo.conf:3)",
			subject: {key: 'bogus', place: {file: '/srv/my etc/zeo.conf', line: 3}},
		},
	],
	[
		refused("'constructor' is not a known key name"),
		{kind: 'unknown-key', hint: 'correct or remove the line'},
	],
	[
		refused(
			"error opening file /srv/etc/zeo.conf: [Errno 2] No such file or directory: '/srv/etc/zeo.conf'",
		),
		{kind: 'missing-file', subject: {path: '/srv/etc/zeo.conf'}},
	],
	[
		[
			"Error: could not load package zc.zlibstorage: No module named 'zc.zlibstorage'",
			"  Package name: 'zc.zlibstorage'",
			'For help, use x -h',
		],
		{
			kind: 'missing-module',
			subject: {module: 'zc.zlibstorage'},
			hint: '/srv/bin/python -m pip install zc.zlibstorage',
		},
	],
	[
		[
			"Error: unknown type name: 'relstorage'",
			'(line 4 in file:///srv/etc/zeo.conf)',
			'For help, use x -h',
		],
		{kind: 'configuration', hint: 'write `%import relstorage` above the section'},
	],
	[
		[
			'Error: malformed section end',
			'(line 3 in http://conf.example/zeo.conf)',
			'For help, use x -h',
		],
		{
			kind: 'configuration',
			cause:
				'the configuration of the program is refused: malformed section end (http://conf.example/zeo.conf:3)',
		},
	],
	[refused('option --frob not recognized'), {kind: 'usage', hint: '/srv/bin/runzeo --help'}],
	[refused('no server address specified; use -a or -C'), {kind: 'usage'}],
	[
		raised("zc.lockfile.LockError: Couldn't lock '/srv/var/Data.fs.lock'"),
		{
			kind: 'lock-held',
			cause:
				'the storage /srv/var/Data.fs is in use by another process (it holds /srv/var/Data.fs.lock)',
			subject: {path: '/srv/var/Data.fs.lock'},
		},
	],
	[
		raised("PermissionError: [Errno 13] Permission denied: '/srv/var/Data.fs.lock'"),
		{kind: 'permission', subject: {path: '/srv/var/Data.fs.lock'}},
	],
	[
		raised(
			"PermissionError: [Errno 13] error while attempting to bind on address ('::', 80, 0, 0): permission denied",
		),
		{kind: 'address-forbidden', subject: {address: {family: 'inet6', host: '::', port: 80}}},
	],
	[
		raised(
			"OSError: [Errno 99] error while attempting to bind on address ('192.0.2.1', 18103): cannot assign requested address",
		),
		{kind: 'address-not-local', hint: 'ip -brief address'},
	],
	[
		raised(
			"OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8100): address already in use",
		),
		{kind: 'address-in-use'},
	],
	[raised('socket.gaierror: [Errno -2] Name or service not known'), {kind: 'address-unknown'}],
	[raised('OSError: [Errno 28] No space left on device'), {kind: 'disk-full', subject: {}}],
	[
		raised("OSError: [Errno 122] Disk quota exceeded: '/srv/var/Data.fs.tmp'"),
		{kind: 'disk-full', subject: {path: '/srv/var/Data.fs.tmp'}},
	],
	[
		raised("OSError: [Errno 30] Read-only file system: '/srv/var/Data.fs.lock'"),
		{kind: 'disk-trouble'},
	],
	[raised('OSError: [Errno 5] Input/output error'), {kind: 'disk-trouble'}],
	[raised("OSError: [Errno 24] Too many open files: '/srv/x'"), {kind: 'resources'}],
	[raised('OSError: [Errno 27] File too large'), {kind: 'resources'}],
	[raised('MemoryError'), {kind: 'resources', hint: 'free -h'}],
	[raised("IsADirectoryError: [Errno 21] Is a directory: '/srv/var'"), {kind: 'configuration'}],
	[
		raised("FileNotFoundError: [Errno 2] No such file or directory: '/srv/log/zeo.log'"),
		{kind: 'missing-file', hint: 'ls -ld /srv/log'},
	],
	[
		raised('ZODB.FileStorage.FileStorage.FileStorageFormatError: /srv/var/Data.fs'),
		{kind: 'data-unreadable', subject: {path: '/srv/var/Data.fs'}},
	],
	[
		raised('ssl.SSLError: [X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3926)'),
		{
			kind: 'tls',
			cause: 'the <ssl> section cannot be used: the key does not belong to the certificate',
		},
	],
	[
		raised(
			'FileNotFoundError: [Errno 2] No such file or directory',
			'/v/ZEO/zconfig.py", line 31, in ssl_config',
		),
		{kind: 'tls', cause: 'the <ssl> section cannot be used: a file that it names does not exist'},
	],
	[
		raised("ModuleNotFoundError: No module named 'ZEO.runzeo'"),
		{kind: 'missing-module', hint: '/srv/bin/python -m pip install ZEO'},
	],
	[
		raised('ValueError: something nobody expected'),
		{kind: 'exception', cause: 'the program failed: ValueError: something nobody expected'},
	],
];

for (const [output, expected] of texts) {
	test(`decodes ${output.at(-1)?.startsWith('For help') ? output[0] : output.at(-1)}`, t => {
		t.like(decode(output), expected);
	});
}

for (const key of [
	'monitor-address',
	'authentication-protocol',
	'authentication-database',
	'authentication-realm',
	'drop-cache-rather-verify',
]) {
	test(`the key ${key} is explained as one that ZEO dropped`, t => {
		const {cause, hint} = decode(refused(`'${key}' is not a known key name`));
		t.is(cause, `the key '${key}' is not known to ZEO 5 and later`);
		t.regex(hint ?? '', /^remove the line; /);
	});
}

test('a missing folder of the socket is told by the configured address', t => {
	const output = raised(
		'FileNotFoundError: [Errno 2] No such file or directory',
		'/usr/lib/python3.11/asyncio/unix_events.py", line 317, in create_unix_server',
	);
	t.like(decode(output, {server}), {kind: 'missing-folder', hint: 'mkdir -p /srv/run'});
	t.like(decode(output), {kind: 'exception'});
});

test('any exception while a storage is read is one of the storage', t => {
	const output = raised(
		"UnicodeDecodeError: 'ascii' codec can't decode byte 0xf0 in position 0",
		'/v/ZODB/FileStorage/FileStorage.py", line 1700, in read_index',
	);
	t.like(decode(output, {server}), {
		kind: 'data-unreadable',
		subject: {path: '/srv/var/Data.fs'},
	});
});

test('two storages of one conf on the same file are told apart from a second server', t => {
	const storages = [
		...server.storages,
		...server.storages.map(storage => ({...storage, name: 'copy'})),
	];
	t.like(
		decode(raised("zc.lockfile.LockError: Couldn't lock '/srv/var/Data.fs.lock'"), {
			server: {...server, storages},
		}),
		{
			kind: 'configuration',
			cause: "the storages 'main' and 'copy' both use /srv/var/Data.fs",
		},
	);
});

test('SIGKILL is called by its name, and memory is only suspected', t => {
	const failure = decode([], {exit: toLastExit({signal: 'SIGKILL'})});
	t.is(failure.kind, 'killed');
	t.regex(failure.cause, /SIGKILL: by a person, or by the kernel/);
});

test('a crash of the interpreter repeats its last word', t => {
	t.is(
		decode(['Fatal Python error: Segmentation fault', ''], {exit: toLastExit({signal: 'SIGSEGV'})})
			.cause,
		'the program crashed with SIGSEGV: Fatal Python error: Segmentation fault',
	);
});

test('other ends are told as they are', t => {
	t.like(decode([], {exit: toLastExit({signal: 'SIGTERM'})}), {
		kind: 'signal',
		cause: 'the program was ended by SIGTERM before it was ready',
	});
	t.like(decode(['bye'], {exit: toLastExit({code: 0})}), {kind: 'exit'});
	t.like(decode(['bye'], {exit: toLastExit({code: 3})}), {
		kind: 'exit',
		cause: 'the program ended with exit status 3',
	});
	t.like(decode([], {exit: undefined}), {kind: 'not-ready'});
});

test('an error of a life that ended well is not its cause', t => {
	t.is(decode(raised('ValueError: handled'), {exit: toLastExit({code: 0})}).kind, 'exit');
});

const cannotExecute = (
	output: readonly string[],
	executable?: FailureEvidence['executable'],
): Failure => decode(output, {exit: toLastExit({code: 127}), executable});

test('a program that cannot be executed is explained by what stands at its path', t => {
	t.like(cannotExecute([], {state: 'missing'}), {
		kind: 'not-executable',
		cause: 'the program /srv/bin/runzeo does not exist',
	});
	t.like(cannotExecute([], {state: 'folder'}), {cause: 'the program /srv/bin/runzeo is a folder'});
	t.like(cannotExecute([], {state: 'not-executable'}), {hint: 'chmod +x /srv/bin/runzeo'});
	t.like(cannotExecute([], {state: 'unreadable'}), {hint: 'namei -l /srv/bin/runzeo'});
});

test('a missing interpreter is named, and a moved environment repaired', t => {
	t.like(cannotExecute([], {state: 'no-interpreter', interpreter: '/srv/bin/python3.9'}), {
		cause:
			'the interpreter /srv/bin/python3.9 of /srv/bin/runzeo does not exist: its Python environment was moved or its Python removed',
		hint: 'python3 -m venv --upgrade /srv',
	});
	t.like(cannotExecute([], {state: 'no-interpreter', interpreter: '/opt/bin/perl'}), {
		cause: 'the interpreter /opt/bin/perl of /srv/bin/runzeo does not exist',
		hint: 'ls /opt/bin',
	});
	t.like(cannotExecute([], {state: 'no-interpreter', interpreter: '/bin/sh\r'}), {
		hint: "sed -i 's/\\r$//' /srv/bin/runzeo",
	});
});

test('an interpreter that may not be executed is not called missing', t => {
	const forbidden = {
		state: 'interpreter-denied',
		interpreter: '/home/ada/bin/python3',
	} as const;
	t.like(cannotExecute([], forbidden), {
		cause: 'the interpreter /home/ada/bin/python3 of /srv/bin/runzeo may not be executed',
		hint: 'namei -l /home/ada/bin/python3',
	});
});

test('what a shell or env could not find is named', t => {
	for (const said of [
		"/usr/bin/env: 'python3': No such file or directory",
		'/usr/bin/env: ‘python3’: No such file or directory',
		'env: python3: No such file or directory',
		'sh: 1: python3: not found',
		'/bin/bash: line 1: python3: command not found',
	]) {
		t.like(cannotExecute([said], {state: 'fine'}), {
			cause: 'the program python3 is not found on the PATH',
		});
	}
});

test('the reason of a failed exec is repeated when nothing else is known', t => {
	t.is(
		cannotExecute(["can't exec '/srv/x': spawn /srv/x ENOEXEC"]).cause,
		"the program /srv/x cannot be executed: can't exec '/srv/x': spawn /srv/x ENOEXEC",
	);
	t.is(cannotExecute([]).cause, 'the program /srv/bin/runzeo cannot be executed');
});

test('no output, however hostile, makes decoding throw', t => {
	let state = 5;
	const random = (limit: number) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return (state >>> 8) % limit;
	};

	const pieces = [
		'Error: ',
		'address (',
		"'",
		'"',
		'\\',
		'[Errno ',
		'13',
		']',
		'LockError',
		': ',
		'(line ',
		' in ',
		'file:///%zz',
		')',
		'\n',
		'  ',
		'Traceback (most recent call last):',
		'a'.repeat(3000),
		'__proto__',
		' is not a known key name',
		'OSError',
		"bind on address ('",
		', 1)',
	];
	for (let round = 0; round < 5000; round++) {
		const output = Array.from({length: random(6)}, () =>
			Array.from({length: random(12)}, () => pieces[random(pieces.length)]).join(''),
		);
		t.notThrows(() =>
			decode(output, {exit: toLastExit({code: [1, 2, 127][random(3)] ?? 1}), server}),
		);
	}
});

test('a start that was not tried, because nobody can read the conf, is no defect of the program', t => {
	const description = `${unusableConfiguration}, and cannot be used: line 3`;
	const exit = {...toLastExit({code: 127}), description};
	const {kind, cause} = decode(['the output of an earlier life: Permission denied'], {exit});
	t.deepEqual({kind, cause}, {kind: 'configuration', cause: description});
});
