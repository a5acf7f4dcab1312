import test from 'ava';
import {compareConfigurations, type LoadedConfiguration} from '../../src/settings/compare.js';
import {nodeFileSystem} from '../../src/settings/file-system.js';
import {loadSettings} from '../../src/settings/load.js';
import {createSourceNotes} from '../../src/settings/source.js';

const load = (text: string, files: Readonly<Record<string, string>> = {}): LoadedConfiguration => {
	const notes = createSourceNotes();
	const all: Readonly<Record<string, string>> = {'/srv/z.conf': text, ...files};
	const fileSystem = notes.noting(
		{...nodeFileSystem, readFile: file => Buffer.from(all[file] ?? '')},
		'own',
	);
	const settings = loadSettings({
		overrides: {configFile: '/srv/z.conf'},
		environment: {},
		cwd: '/srv',
		fileSystem,
	});
	return {settings, sources: notes.list()};
};

const conf = (runner: string, sections = ''): LoadedConfiguration =>
	load(`<runner>\n  program sleep 1\n${runner}\n</runner>\n${sections}\n`);

const changes = test.macro(
	(
		t,
		before: LoadedConfiguration,
		after: LoadedConfiguration,
		expected: readonly (readonly [string, string | null, string | null, string])[],
	) => {
		// As it is read from the file that a supervisor leaves.
		const left: LoadedConfiguration = JSON.parse(JSON.stringify(before));
		const found = compareConfigurations(left, after);
		t.deepEqual(
			found.map(({name, before, after, effect}) => [name, before, after, effect]),
			expected.map(each => [...each]),
		);
	},
);

const empty = conf('');

test('nothing has changed', changes, empty, conf(''), []);
test('a time of the supervisor takes effect at once', changes, empty, conf('stop-timeout 5'), [
	['stop-timeout', '300', '5', 'reload'],
]);
test(
	'an event log that has moved within the conf is the same',
	changes,
	conf('', '<eventlog>\n<logfile>\npath a.log\n</logfile>\n</eventlog>'),
	conf('', '\n<eventlog>\n<logfile>\npath a.log\n</logfile>\n</eventlog>'),
	[],
);
test('a umask is octal and needs a restart', changes, empty, conf('umask 077'), [
	['umask', '022', '077', 'restart'],
]);
test('a transcript that comes or goes', changes, empty, conf('transcript log'), [
	['transcript', null, 'log', 'restart'],
]);
test('another socket needs a stop and a start', changes, empty, conf('socket-name other'), [
	['socket-name', 'zdsock', 'other', 'start'],
]);
test(
	'the values of the environment are not shown',
	changes,
	conf('', '<environment>\n  A secret\n  B same\n</environment>'),
	conf('', '<environment>\n  A other\n  B same\n</environment>'),
	[['<environment> A', null, null, 'restart']],
);
test(
	'a section that both have is compared key by key',
	changes,
	conf('', '<health>\n  interval 10s\n</health>'),
	conf('', '<health>\n  interval 5s\n  time-limit 2s\n</health>'),
	[
		['<health> interval', '10', '5', 'reload'],
		['<health> time-limit', '10', '2', 'reload'],
	],
);
test('a section that is new', changes, empty, conf('', '<health>\n</health>'), [
	['<health>', null, null, 'reload'],
]);
test(
	'an address that is pinged is a secret',
	changes,
	conf('', '<mail>\n  to a@example.org\n  server mx\n  ping-url https://example.org/1\n</mail>'),
	conf('', '<mail>\n  to a@example.org\n  server mx\n  ping-url https://example.org/2\n</mail>'),
	[['<mail> ping-url', null, null, 'reload']],
);

test('the conf of the server is compared by its content', t => {
	const {settings, sources} = empty;
	const of = (digest: string): LoadedConfiguration => ({
		settings,
		sources: [...sources, {file: '/srv/zeo.conf', digest, part: 'server'}],
	});
	t.deepEqual(compareConfigurations(of('1'), of('1')), []);
	t.deepEqual(compareConfigurations(of('1'), of('2')), [
		{name: '/srv/zeo.conf', before: null, after: null, effect: 'restart'},
	]);
});

test('all files of a configuration are noted, each with its part', t => {
	const {sources} = load('%include more.conf\n<runner>\n  program sleep 1\n</runner>\n', {
		'/srv/more.conf': '%define a b\n',
	});
	t.deepEqual(
		sources.map(({file, part}) => [file, part]),
		[
			['/srv/z.conf', 'own'],
			['/srv/more.conf', 'own'],
		],
	);
});
