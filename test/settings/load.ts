import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isZeoctlError} from '../../src/platform/errors.js';
import {isConfigurationError} from '../../src/settings/configuration-error.js';
import {loadSettings} from '../../src/settings/load.js';
import {stateDirectoryOf} from '../../src/settings/state-directory.js';
import {settingsOf, textFileSystem} from '../helpers/read-text.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const conf = (runner: string, rest = '') => `<runner>\n${runner}\n</runner>\n${rest}`;

const withoutFile = (overrides: Parameters<typeof loadSettings>[0]['overrides']) =>
	loadSettings({overrides, environment: {}, cwd: '/', fileSystem: textFileSystem({})});

test('a program is enough, everything else has a default', t => {
	t.deepEqual(settingsOf(conf('program sleep 100')).runner, {
		program: ['sleep', '100'],
		socketName: 'zdsock',
		daemon: true,
		directory: undefined,
		umask: 0o22,
		transcript: undefined,
		backoffLimit: 10,
		forever: false,
		exitCodes: [0, 2],
		user: undefined,
		startTestProgram: undefined,
		startTimeout: 300,
		stopTimeout: 300,
		logfile: undefined,
	});
});

test('without a file the defaults are the same', t => {
	const settings = withoutFile({program: ['sleep', '100']});
	t.deepEqual(settings.runner, settingsOf(conf('program sleep 100')).runner);
	t.is(settings.configFile, undefined);
	t.is(settings.form, 'zdaemon');
	t.deepEqual(settings.environment, {});
	t.deepEqual(settings.origins['program'], {from: 'flag', flag: '-p'});
	t.deepEqual(settings.origins['stop-timeout'], {from: 'default'});
});

test('every key of the runner is read', t => {
	const {runner} = settingsOf(
		conf(
			[
				'program "/opt/my server" -x',
				'socket-name ~/run/sock',
				'daemon off',
				'directory /srv',
				'umask 027',
				'transcript ~/t.log',
				'backoff-limit 3',
				'forever on',
				'exit-codes 0, -1',
				'user zeo',
				'start-test-program probe "two words"',
				'start-timeout 5',
				'stop-timeout 0',
				'logfile l.log',
				'prompt x',
				'hang-around on',
				'default-to-interactive off',
			].join('\n'),
		),
		{folders: ['/srv', '/home/me']},
	);
	t.deepEqual(runner, {
		program: ['/opt/my server', '-x'],
		socketName: '/home/me/run/sock',
		daemon: false,
		directory: '/srv',
		umask: 0o27,
		transcript: '/home/me/t.log',
		backoffLimit: 3,
		forever: true,
		exitCodes: [0, -1],
		user: 'zeo',
		startTestProgram: ['probe', 'two words'],
		startTimeout: 5,
		stopTimeout: 0,
		logfile: 'l.log',
	});
});

test('a transcript to /dev/null is none', t => {
	t.is(
		settingsOf(conf('program x\ntranscript /dev/null'), {folders: ['/dev']}).runner.transcript,
		undefined,
	);
});

for (const [title, line, flags] of [
	['in the conf', 'start-test-program', {}],
	['on the command line', 'start-test-program cat up', {startTestProgram: []}],
] as const) {
	test(`a start-test-program without a word ${title} is none`, t => {
		t.is(settingsOf(conf(`program x\n${line}`), {}, flags).runner.startTestProgram, undefined);
	});
}

test('flags beat the file and are named as origins', t => {
	const {runner, origins} = settingsOf(
		conf('program x\nbackoff-limit 3\nforever off\numask 0'),
		{},
		{
			program: ['y'],
			backoffLimit: 5,
			forever: true,
			socketName: 's',
			exitCodes: [],
			umask: 0o77,
			transcript: 't',
			startTimeout: 1,
		},
	);
	t.like(runner, {program: ['y'], backoffLimit: 5, forever: true, socketName: 's', exitCodes: []});
	t.like(runner, {umask: 0o77, transcript: 't', startTimeout: 1});
	t.deepEqual(origins['backoff-limit'], {from: 'flag', flag: '-b'});
	t.deepEqual(origins['umask'], {from: 'flag', flag: '-m'});
	t.deepEqual(origins['daemon'], {from: 'default'});
});

test('origins tell the very line, also in an included file', t => {
	const {origins} = settingsOf(conf('program x\n%include y.part'), {
		files: {'/etc/y.part': '\numask 077\n'},
	});
	t.deepEqual(origins['program'], {from: 'file', url: 'file:///etc/x.conf', line: 2});
	t.deepEqual(origins['umask'], {from: 'file', url: 'file:///etc/y.part', line: 2});
});

test('-X changes one value and is its origin', t => {
	const {runner, origins} = settingsOf(conf('program x'), {}, {specifiers: ['runner/umask=077']});
	t.is(runner.umask, 0o77);
	t.deepEqual(origins['umask'], {from: 'flag', flag: '-X'});
});

for (const [specifier, message] of [
	['runner', 'invalid configuration specifier\n(line -1, column -1 in <command-line option>)'],
	[
		'runner//x=1',
		"'//' is not allowed in an option path\n(line -1, column -1 in <command-line option>)",
	],
	['nosuch/x=1', 'not all command line options were consumed'],
	['runner/nokey=1', "'nokey' is not a known key name\n(line 3 in file:///etc/x.conf)"],
] as const) {
	test(`-X ${specifier} is refused in the words of ZConfig`, t => {
		t.throws(() => settingsOf(conf('program x'), {}, {specifiers: [specifier]}), {message});
	});
}

test('-X needs a file, and nothing can be run without a program', t => {
	const usage = (overrides: Parameters<typeof withoutFile>[0]) => {
		const error = t.throws(() => withoutFile(overrides));
		return isZeoctlError(error) ? [error.code, error.message] : [];
	};
	t.deepEqual(usage({specifiers: ['a=1']}), [
		'USAGE',
		'configuration overrides (-X) cannot be used without a configuration file',
	]);
	t.deepEqual(usage({}), ['USAGE', 'no program specified; use -p or -C']);
});

test('the environment section keeps names and empty values', t => {
	const text = conf('program x', '<environment>\nA b c\nmixed-Case\n__proto__ 1\n</environment>');
	t.deepEqual(
		Object.entries(settingsOf(text).environment),
		Object.entries(JSON.parse('{"A": "b c", "mixed-Case": "", "__proto__": "1"}')),
	);
});

test('the log inside the runner goes before the one outside', t => {
	const inner = '<eventlog>\nlevel debug\n</eventlog>';
	const outer = '<eventlog>\nlevel error\n</eventlog>';
	t.is(settingsOf(conf('program x', outer)).eventLog?.level, 40);
	t.is(settingsOf(conf(`program x\n${inner}`, outer)).eventLog?.level, 10);
	t.is(
		settingsOf(conf(`program x\n${inner.replaceAll('eventlog', 'logger')}`, outer)).eventLog?.level,
		10,
	);
	t.is(settingsOf(conf('program x')).eventLog, undefined);
});

test('the server sections of the file are read', t => {
	const settings = settingsOf(
		`<zeo>\naddress localhost:8100\nread-only on\ntransaction-timeout 30\npid-filename /etc/p\n<ssl>\ncertificate /etc/c\nauthenticate /etc/a\n</ssl>\n</zeo>\n<mappingstorage m/>\n${conf('program x')}`,
	);
	t.is(settings.form, 'zeoctl');
	t.deepEqual(settings.zeo, {
		address: {family: 'inet', host: 'localhost', port: 8100},
		readOnly: true,
		transactionTimeout: 30,
		pidFilename: '/etc/p',
		tls: {certificate: '/etc/c', key: undefined, authenticate: '/etc/a'},
	});
	t.like(settings.storages[0], {name: 'm', type: 'mappingstorage'});
});

test('a health section is read, in either form of file, and there is none without it', t => {
	t.is(settingsOf(conf('program x')).health, undefined);
	const text = conf('program x', '<health>\ninterval 5s\naction ALARM\ndisk-floor 5MB\n</health>');
	t.deepEqual(settingsOf(text).health, {
		interval: 5,
		timeLimit: 10,
		failures: 3,
		action: 'alarm',
		diskFloor: 5 * 1024 ** 2,
		inodeFloor: 5,
		commitLockAlarm: 60,
	});
	const server = '<zeo>\naddress 8100\n</zeo>\n<mappingstorage m/>\n<health/>\n';
	t.is(settingsOf(`${server}${conf('program x')}`).health?.interval, 20);
});

test('settings cannot be changed', t => {
	const settings = settingsOf(conf('program x', '<eventlog>\n<syslog/>\n</eventlog>'));
	for (const part of [
		settings,
		settings.runner,
		settings.runner.program,
		settings.eventLog,
		settings.origins,
	]) {
		t.true(Object.isFrozen(part));
	}
});

test('the file may be given as a URL', t => {
	t.is(
		settingsOf(conf('program x'), {}, {configFile: 'file:///etc/x.conf'}).configFile,
		'/etc/x.conf',
	);
	t.is(
		settingsOf(conf('program x'), {cwd: '/etc'}, {configFile: 'file:x.conf'}).configFile,
		'/etc/x.conf',
	);
	t.is(
		settingsOf(conf('program x'), {cwd: '/etc'}, {configFile: 'x.conf'}).configFile,
		'/etc/x.conf',
	);
});

test('an error carries all problems, and the words of ZConfig for the first', t => {
	const error = t.throws(() => settingsOf(conf('program x\nfoo 1\numask 9\nforever 2')));
	if (!isConfigurationError(error)) return t.fail();
	t.is(error.code, 'CONFIGURATION');
	t.is(error.message, "'foo' is not a known key name");
	t.is(error.hint, 'zeoctl -C /etc/x.conf check');
	t.deepEqual(
		error.problems.map(({message, line}) => [message, line]),
		[
			["'foo' is not a known key name", 3],
			["not a valid boolean value: '2'", 5],
			["invalid literal for int() with base 8: '9'", 4],
		],
	);
});

test('a file that cannot be opened is the only problem', t => {
	const error = t.throws(() => settingsOf('', {}, {configFile: '/no.conf'}));
	t.is(
		error.message,
		"error opening file /no.conf: [Errno 2] No such file or directory: '/no.conf'",
	);
	t.is(isConfigurationError(error) && error.problems.length, 1);
});

test('the machine is read as it is', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'here-alone'));
	writeFileSync(
		path.join(folder, 'x.conf'),
		conf('program x\nsocket-name here-alone/new/s\ntranscript here-alone/t'),
	);
	const load = (cwd: string) =>
		loadSettings({overrides: {configFile: path.join(folder, 'x.conf')}, environment: {}, cwd});
	t.is(load(folder).runner.socketName, 'here-alone/new/s');
	t.throws(() => load('/'), {
		message: /^The directory named as part of the path here-alone\/new\/s does not exist/,
	});
	t.throws(() => loadSettings({overrides: {configFile: folder}, environment: {}, cwd: '/'}), {
		message: `error opening file ${folder}: [Errno 21] Is a directory: '${folder}'`,
	});
});

test('an endless file is refused', t => {
	t.throws(() => loadSettings({overrides: {configFile: '/dev/zero'}, environment: {}, cwd: '/'}), {
		message: /^error opening file \/dev\/zero: larger than \d+ bytes/,
	});
});

test('the home of a user comes from the user database', t => {
	const load = (directory: string, environment: Record<string, string>) => {
		const folder = temporaryFolder(t);
		const configFile = path.join(folder, 'x.conf');
		writeFileSync(configFile, conf(`program x\nlogfile ${directory}`));
		return loadSettings({overrides: {configFile}, environment, cwd: '/'}).runner.logfile;
	};
	t.is(load('~/log', {HOME: '/tmp'}), '/tmp/log');
	t.is(load('~root/../tmp/log', {}), '/root/../tmp/log');
	t.true(load('~/../tmp', {})?.startsWith('/'));
});

test('the history is kept with the run state, or where the conf says', t => {
	const place = {runDirectory: '/i/.sock.d', cwd: '/i'};
	t.is(stateDirectoryOf(settingsOf(conf('program x')), place), '/i/.sock.d');
	const told = settingsOf(conf('program x', '<zeoctl>\nstate-directory var/state\n</zeoctl>\n'));
	t.is(stateDirectoryOf(told, place), '/i/var/state');
});

test('a pack section with a name has what it leaves out from the one without', t => {
	const {packs, stopPackWait} = settingsOf(
		conf(
			'program x',
			'<pack>\ndays 3\ntime-zone Europe/Paris\n</pack>\n<pack big>\nschedule 0 2 1 * *\n</pack>\n',
		),
	);
	t.is(stopPackWait, 600);
	const general = {jitter: 600, margin: 10, alarmAfter: 15 * 86_400, timeZone: 'Europe/Paris'};
	t.deepEqual(packs, [
		{storage: undefined, schedule: '17 3 * * 0', days: 3, ...general},
		{storage: 'big', schedule: '0 2 1 * *', days: 3, ...general},
	]);
});

test('without sections of ours nothing is packed and no mail is sent', t => {
	const {packs, mail, stopPackWait} = settingsOf(conf('program x'));
	t.deepEqual(packs, []);
	t.is(mail, undefined);
	t.is(stopPackWait, 600);
});
