import test from 'ava';
import {checkConfiguration} from '../../src/settings/check.js';
import {type TextPlace, textFileSystem} from '../helpers/read-text.js';

const check = (text: string, place: TextPlace = {}) => {
	const full = {...place, files: {...place.files, '/etc/x.conf': text}};
	return checkConfiguration({
		overrides: {configFile: '/etc/x.conf'},
		environment: place.environment ?? {},
		cwd: '/',
		fileSystem: textFileSystem(full),
	});
};

const brief = (report: ReturnType<typeof check>) =>
	report.findings.map(({severity, file, line, message, hint}) =>
		[severity, `${file}:${line ?? '-'}`, message, hint].filter(Boolean).join(' | '),
	);

const runner = '<runner>\nprogram sleep 100\n</runner>\n';

test('a file without mistakes has no findings', t => {
	const report = check(runner);
	t.deepEqual(brief(report), []);
	t.deepEqual(report.files, ['/etc/x.conf']);
	t.deepEqual(report.settings?.runner.program, ['sleep', '100']);
	t.is(report.server, undefined);
});

test('all mistakes are told, each with its place and what was probably meant', t => {
	const report = check(
		'<runner>\nprogam x\ndeamon on\numask 9\n</runner>\n<enviroment>\nA 1\n</enviroment>\n',
	);
	t.deepEqual(brief(report), [
		"error | /etc/x.conf:2 | 'progam' is not a known key name | did you mean 'program'?",
		"error | /etc/x.conf:3 | 'deamon' is not a known key name | did you mean 'daemon'?",
		"error | /etc/x.conf:4 | invalid literal for int() with base 8: '9'",
		"error | /etc/x.conf:6 | unknown type name: 'enviroment' | did you mean <environment>?",
	]);
	t.is(report.settings, undefined);
	t.is(report.findings[0]?.text, "'progam' is not a known key name");
	t.is(
		report.findings[2]?.text,
		"invalid literal for int() with base 8: '9' (line 4, in file:///etc/x.conf)",
	);
});

test('two storages with one file are told at the second, unless it only reads', t => {
	const storage = (name: string, file: string, more = '') =>
		`<filestorage ${name}>\npath ${file}\n${more}</filestorage>\n`;
	const zeo = `<zeo>\naddress 8100\n</zeo>\n${runner}`;
	t.deepEqual(brief(check(zeo + storage('1', 'Data.fs') + storage('2', './Data.fs'))), [
		"warning | /etc/x.conf:11 | two storages cannot have one file: 'Data.fs' is that of /etc/x.conf:8, too | give each <filestorage> a path of its own",
	]);
	const reader = storage('2', 'Data.fs', 'read-only yes\n');
	t.deepEqual(brief(check(zeo + storage('1', 'Data.fs') + reader)), []);
});

test('a mistyped section is not missed a second time', t => {
	t.deepEqual(brief(check('<runer>\nprogram x\n</runer>')), [
		"error | /etc/x.conf:1 | unknown type name: 'runer' | did you mean <runner>?",
	]);
	t.deepEqual(brief(check('<zzz/>')), [
		"error | /etc/x.conf:1 | unknown type name: 'zzz'",
		"error | /etc/x.conf:- | no values for section type 'runner'; 1 required",
	]);
});

test('a mistake in an included file is told there', t => {
	const report = check(`${runner}%include y.part\n`, {
		files: {'/etc/y.part': '\n<eventlog>\nlevl info\n</eventlog>'},
	});
	t.deepEqual(brief(report), [
		"error | /etc/y.part:3 | 'levl' is not a known key name | did you mean 'level'?",
	]);
	t.deepEqual(report.files, ['/etc/x.conf', '/etc/y.part']);
});

test('settings without effect are warnings', t => {
	const report = check(
		'<runner>\nprogram x\npython /usr/bin/python3\nzdrun /usr/z.py\n</runner>\n<eventlog>\n<email-notifier>\nfrom a\nto b\nformatter a.b\n</email-notifier>\n<http-logger/>\n<logfile>\npath x\nwhen never\nold-files 1\n</logfile>\n</eventlog>',
		{files: {'/usr/bin/python3': '', '/usr/z.py': ''}},
	);
	t.deepEqual(
		report.findings.map(({severity, line}) => [severity, line]),
		[
			['warning', 3],
			['warning', 4],
			['warning', 7],
			['warning', 10],
			['warning', 12],
			['warning', 15],
		],
	);
	t.true(report.settings !== undefined);
});

const zeoConf =
	'<zeo>\naddress 8100\n</zeo>\n<filestorage 1>\npath /srv/Data.fs\ncreate on\n</filestorage>\n';

test("the server's own file is checked as well", t => {
	const text = '<runner>\nprogram runzeo -C /srv/zeo.conf\n</runner>';
	const report = check(text, {files: {'/srv/zeo.conf': zeoConf}});
	t.deepEqual(report.files, ['/etc/x.conf', '/srv/zeo.conf']);
	t.is(report.server?.confPath, '/srv/zeo.conf');
	t.deepEqual(
		report.findings.map(({severity, file, line}) => [severity, file, line]),
		[['warning', '/srv/zeo.conf', 6]],
	);
});

test('keys that ZEO dropped are errors with advice', t => {
	const text = '<runner>\nprogram runzeo -C /srv/zeo.conf\n</runner>';
	const old = zeoConf.replace('</zeo>', 'monitor-address 1\nauthentication-realm x\n</zeo>');
	const report = check(text, {files: {'/srv/zeo.conf': old}});
	t.deepEqual(
		report.findings.map(({severity, line, hint}) => [severity, line, hint?.split(':')[0]]),
		[
			['error', 3, 'ZEO 5 removed the monitor server'],
			['error', 4, 'ZEO 5 removed password authentication'],
			['warning', 8, 'delete the line once the file has been created'],
		],
	);
	t.is(report.server?.confPath, '/srv/zeo.conf');
});

test('a section of ours in a file that the server reads is an error with advice', t => {
	const text = `${zeoConf.replace('create on\n', '')}<health/>\n<runner>\nprogram runzeo -C /etc/x.conf\n</runner>`;
	const report = check(text, {folders: ['/srv']});
	const errors = brief(report).filter(line => line.startsWith('error'));
	t.deepEqual(errors, [
		"error | /etc/x.conf:7 | unknown type name: 'health' | the server cannot read <health>: put it into a file of its own that includes the server's",
	]);
});

test('a server conf that is not there is an error', t => {
	const report = check('<runner>\nprogram runzeo -C /srv/no.conf\n</runner>');
	t.deepEqual(brief(report), [
		"error | /srv/no.conf:- | error opening file /srv/no.conf: [Errno 2] No such file or directory: '/srv/no.conf'",
	]);
});

test('a file that is not there is the only finding', t => {
	const report = checkConfiguration({
		overrides: {configFile: '/no.conf'},
		environment: {},
		cwd: '/',
		fileSystem: textFileSystem({}),
	});
	t.deepEqual(brief(report), [
		"error | /no.conf:- | error opening file /no.conf: [Errno 2] No such file or directory: '/no.conf'",
	]);
});

test('a program without a file is checked too', t => {
	const report = checkConfiguration({
		overrides: {program: ['runzeo', '-C', '/no.conf']},
		environment: {},
		cwd: '/',
		fileSystem: textFileSystem({}),
	});
	t.is(report.findings.length, 1);
	t.deepEqual(report.files, []);
});

test('a pack section about a storage that is not there is a warning', t => {
	const report =
		check(`${runner}<zeo>\naddress 8100\n</zeo>\n<filestorage main>\npath /Data.fs\n</filestorage>
<pack mian>\ndays 3\n</pack>\n<pack main>\n</pack>\n`);
	t.deepEqual(brief(report), [
		'warning | /etc/x.conf:- | <pack mian> packs nothing: there is no storage of this name | storages: main',
	]);
});

test('a schedule and a time zone that cannot be are errors with their places', t => {
	const report = check(`${runner}<pack>\nschedule 0 25 * * *\ntime-zone Mars/Olympus\n</pack>\n`);
	t.deepEqual(
		report.findings.map(({severity, line}) => [severity, line]),
		[
			['error', 5],
			['error', 6],
		],
	);
});

test('a monitor port that the server needs is a warning', t => {
	const monitored = (port: number) =>
		check(
			`<runner>\nprogram runzeo -C /srv/zeo.conf\n</runner>\n<monitor>\naddress ${port}\n</monitor>`,
			{files: {'/srv/zeo.conf': zeoConf.replace('create on\n', '')}},
		);
	t.deepEqual(brief(monitored(8100)), [
		'warning | /etc/x.conf:- | <monitor> and the server want the same port 8100 | give <monitor> another one, such as 8101',
	]);
	t.deepEqual(brief(monitored(8101)), []);
});
