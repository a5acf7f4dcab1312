import test from 'ava';
import {planMigration} from '../../src/settings/migration.js';
import {textFileSystem} from '../helpers/read-text.js';

const plan = (files: Readonly<Record<string, string>>, configFile: string) =>
	planMigration({
		configFile,
		overrides: {},
		environment: {},
		cwd: '/etc',
		fileSystem: textFileSystem({files}),
	});

const after = (files: Readonly<Record<string, string>>, configFile: string) => {
	const migration = plan(files, configFile);
	return {
		...migration,
		texts: Object.fromEntries(migration.files.map(each => [each.file, each.after])),
		errors: migration.report.findings.filter(({severity}) => severity === 'error'),
	};
};

const zdaemonConf = '<runner>\n  program runzeo -C /etc/x-zeo.conf\n</runner>\n';
const storage = '<filestorage 1>\n  path /etc/Data.fs\n</filestorage>\n';

test('a pair of files gets a third, and the dead lines go', t => {
	const zeoConf = `# ours\n%define PORT 8101\n<zeo>\n  address 8100\n\tMonitor-Address   $PORT  \n  # kept\n  authentication-protocol digest\n  authentication-database /etc/users\n  authentication-realm r\n</zeo>\n${storage}`;
	const {texts, dropped, configFile, errors} = after(
		{'/etc/x-zdaemon.conf': zdaemonConf, '/etc/x-zeo.conf': zeoConf},
		'x-zdaemon.conf',
	);
	t.deepEqual(texts, {
		'/etc/x-zeo.conf': `# ours\n%define PORT 8101\n<zeo>\n  address 8100\n  # kept\n</zeo>\n${storage}`,
		'/etc/x-zeoctl.conf': '%include x-zdaemon.conf\n\n<monitor>\n  address 8101\n</monitor>\n',
	});
	t.deepEqual(
		dropped.map(({file, line, key}) => [file, line, key.toLowerCase()]),
		[
			['/etc/x-zeo.conf', 5, 'monitor-address'],
			['/etc/x-zeo.conf', 7, 'authentication-protocol'],
			['/etc/x-zeo.conf', 8, 'authentication-database'],
			['/etc/x-zeo.conf', 9, 'authentication-realm'],
		],
	);
	t.is(configFile, '/etc/x-zeoctl.conf');
	t.deepEqual(errors, []);
});

test('one file for all keeps its line ends and its bytes', t => {
	const text = `<zeo>\r\n  address 8100\r\n  monitor-address 8101\r\n  drop-cache-rather-verify on\r\n</zeo>\r\n# \u00e9\u20ac\r\n<runner>\r\n  program runzeo -C /etc/zeo.conf\r\n  zdrun /etc/zeo.conf\r\n</runner>\r\n${storage}`;
	const {texts, errors, dropped} = after({'/etc/zeo.conf': text}, '/etc/zeo.conf');
	const kept = text.replace(/^ {2}(?:monitor|drop|zdrun).*\r\n/gm, '');
	t.is(Buffer.from(texts['/etc/zeo.conf'] ?? '', 'latin1').toString('utf8'), kept);
	t.is(
		texts['/etc/zeo-zeoctl.conf'],
		'%include zeo.conf\n\n<monitor>\n  address 8101\n</monitor>\n',
	);
	t.is(dropped.length, 3);
	t.deepEqual(
		errors.map(({message}) => message),
		[],
	);
});

test('a conf that has sections of ours gets one more', t => {
	const own = '%include x-zdaemon.conf\n<health/>';
	const {texts, configFile} = after(
		{
			'/etc/x-zeoctl.conf': own,
			'/etc/x-zdaemon.conf': zdaemonConf,
			'/etc/x-zeo.conf': `<zeo>\naddress 1\nmonitor-address 0.0.0.0:2\n</zeo>\n${storage}`,
		},
		'/etc/x-zeoctl.conf',
	);
	t.is(configFile, '/etc/x-zeoctl.conf');
	t.is(texts['/etc/x-zeoctl.conf'], `${own}\n\n<monitor>\n  address 0.0.0.0:2\n</monitor>\n`);
});

test('an address that cannot be served is dropped, and said', t => {
	const {texts, dropped} = after(
		{
			'/etc/x.conf': zdaemonConf,
			'/etc/x-zeo.conf': `<zeo>\naddress 1\nmonitor-address /run/m\n</zeo>\n${storage}`,
		},
		'/etc/x.conf',
	);
	t.deepEqual(Object.keys(texts), ['/etc/x-zeo.conf']);
	t.regex(dropped[0]?.why ?? '', /'\/run\/m' is no port/);
});

test('a conf of today, or one with other mistakes, stays as it is', t => {
	const files = {
		'/etc/x.conf': zdaemonConf,
		'/etc/x-zeo.conf': `<zeo>\naddress 1\nmonitor-adress 2\n</zeo>\n${storage}`,
	};
	const {texts, dropped, errors} = after(files, '/etc/x.conf');
	t.deepEqual([texts, dropped], [{}, []]);
	t.is(errors.length, 1);
});

test('the same key elsewhere is not taken', t => {
	const conf = `<zeo>\naddress 1\n</zeo>\n<filestorage 1>\npath /etc/Data.fs\nmonitor-address 1\n</filestorage>\n`;
	const {texts, errors} = after(
		{'/etc/x.conf': zdaemonConf, '/etc/x-zeo.conf': conf},
		'/etc/x.conf',
	);
	t.deepEqual(texts, {});
	t.is(errors.length, 1);
});
