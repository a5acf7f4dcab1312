import test from 'ava';
import type {Holder} from '../../src/guard/holders.js';
import {decide, type Evidence, type FileEvidence} from '../../src/guard/verdict.js';

const now = 1_800_000_000;
const server: Holder = {
	visible: true,
	pid: 4711,
	argv: ['runzeo', '-C', 'zeo.conf'],
	uid: 1000,
	user: 'zope',
	startedAt: now - 3 * 86_400,
	startTicks: 5,
	bootId: 'x',
	showsFiles: true,
};
const hidden: Holder = {visible: false, pid: undefined, uid: undefined};

const file: FileEvidence = {
	file: '/srv/Data.fs',
	links: 1,
	isFolder: false,
	lock: {lock: 'ours'},
	zodbHolder: undefined,
	writer: undefined,
	deletedWriter: undefined,
};

const judge = (more: Partial<FileEvidence> = {}, rest: Partial<Evidence> = {}) =>
	decide({
		files: [{...file, ...more}],
		address: undefined,
		programLock: {lock: 'ours'},
		rescueCommand: 'zeoctl -C two.conf rescue',
		now,
		...rest,
	});

test('a database that nobody has is served', t => {
	t.deepEqual(judge(), {verdict: 'start', warning: undefined});
});

const refuses = test.macro(
	(t, more: Partial<FileEvidence>, rest: Partial<Evidence>, reason: RegExp, hint: RegExp) => {
		const verdict = judge(more, rest);
		if (verdict.verdict !== 'refuse') return t.fail(verdict.verdict);
		t.regex(verdict.reason, reason);
		t.regex(verdict.reason, /^cannot start the program: [^\n]*[^.\n]$/);
		t.regex(verdict.hint, hint);
		return undefined;
	},
);

const inUse =
	/'\/srv\/Data\.fs' is in use by process 4711 of user zope, running for 3 days: runzeo -C zeo\.conf$/;

test(
	'a held lock is refused with pid, user, age and command line',
	refuses,
	{lock: {lock: 'held', holder: server}},
	{},
	inUse,
	/kill 4711/,
);
test('a server with the lock of ZODB alone', refuses, {zodbHolder: server}, {}, inUse, /kill 4711/);
test('a process that writes without any lock', refuses, {writer: server}, {}, inUse, /kill 4711/);
test(
	'a holder that cannot be seen is not taken for nobody',
	refuses,
	{lock: {lock: 'held', holder: hidden}},
	{},
	/not visible/,
	/lsof/,
);
for (const [title, holder] of [
	['whose files cannot be seen', {...server, showsFiles: false}],
	['of whom only the pid shows', {visible: false, pid: 4711, uid: undefined}],
] as const)
	test(
		`nobody is told to kill a holder ${title}: it may be the last that has a deleted database`,
		refuses,
		{lock: {lock: 'held', holder}},
		{},
		/in use by .*4711/,
		/^stop it where it was started, once this shows no "\(deleted\)" database: sudo ls -l \/proc\/4711\/fd$/,
	);
test(
	'a server that has the deleted database is not to be ended before that is rescued',
	refuses,
	{links: 0, lock: {lock: 'held', holder: server}, deletedWriter: server},
	{},
	/'\/srv\/Data\.fs' has been deleted, and lives only as long as process 4711 of user zope/,
	/^do not end it before this: zeoctl -C two\.conf rescue$/,
);
test(
	'a file with two names is refused before its lock is looked at',
	refuses,
	{links: 2, lock: {lock: 'held', holder: server}},
	{},
	/2 names \(hard links\)/,
	/^find \/srv -xdev -samefile \/srv\/Data\.fs$/,
);
test(
	'a folder in the place of a database is called one, however many links it has',
	refuses,
	{links: 3, isFolder: true},
	{},
	/'\/srv\/Data\.fs' is a folder/,
	/rmdir \/srv\/Data\.fs$/,
);
test(
	'a lock that cannot be had is a refusal, too',
	refuses,
	{lock: {lock: 'unusable', name: '/srv/Data.fs.zeoctl-lock', reason: 'permission denied'}},
	{},
	/permission denied/,
	/ls -ld/,
);
test(
	'an address that somebody has',
	refuses,
	{},
	{address: {address: {host: '127.0.0.1', port: 8100}, holder: server}},
	/the address 127\.0\.0\.1:8100 is in use by process 4711/,
	/kill 4711/,
);

test(
	'an address that a hidden process has is looked up by root',
	refuses,
	{},
	{address: {address: {host: '', port: 8100}, holder: hidden}},
	/the address :8100 is in use by a process that is not visible/,
	/^sudo ss -ltnp 'sport = :8100'$/,
);
test(
	'a socket that a hidden process has is looked up by root',
	refuses,
	{},
	{address: {address: {path: '/run/zeo sock'}, holder: hidden}},
	/the address \/run\/zeo sock is in use/,
	/^sudo ss -lxp src '\/run\/zeo sock'$/,
);

test('a helper that outlived a program without a database is no reason not to start', t => {
	const verdict = judge({}, {files: [], programLock: {lock: 'held', holder: server}});
	t.is(verdict.verdict, 'start');
	t.regex('warning' in verdict ? (verdict.warning ?? '') : '', /process 4711/);
});

test('the first file that forbids it is named', t => {
	const other = {...file, file: '/srv/b.fs', writer: server};
	const verdict = judge({}, {files: [file, other]});
	t.regex('reason' in verdict ? verdict.reason : '', /b\.fs/);
});
