import test from 'ava';
import {matchTree} from '../../src/schema/match.js';
import {ownSections, ownTypes} from '../../src/schema/zeoctl.js';
import {renderProblem} from '../../src/zconfig/errors.js';
import {parseConfiguration} from '../../src/zconfig/parse.js';
import {surroundings} from '../helpers/surroundings.js';

const read = (text: string) => {
	const tree = parseConfiguration({
		location: '/x',
		read: () => ({ok: true, url: 'file:///x', text}),
		environment: {},
	});
	const schema = {children: ownSections(), types: ownTypes, components: [], packages: {}};
	const {values, problems} = matchTree({tree, schema, surroundings: surroundings()});
	return {values, texts: problems.map(renderProblem)};
};

test('every section of ours may be left out', t => {
	t.deepEqual(read('').texts, []);
});

test('the defaults are those that were decided', t => {
	const {values, texts} = read(
		'<zeoctl/>\n<transcript/>\n<health/>\n<pack/>\n<mail>\nto a\nserver b\n</mail>\n<monitor>\naddress 8190\n</monitor>',
	);
	t.deepEqual(texts, []);
	t.deepEqual(values?.zeoctl?.values, {
		'state-directory': undefined,
		'socket-group': undefined,
		'stop-pack-wait': 600,
	});
	t.deepEqual(values?.transcript?.values, {
		mode: 'direct',
		'max-size': 10 * 1024 ** 2,
		'max-age': undefined,
		'old-files': 7,
		'total-size': 200 * 1024 ** 2,
		compress: true,
		timestamps: false,
		format: 'text',
		'on-slow': 'drop',
		'queue-size': 8 * 1024 ** 2,
	});
	t.deepEqual(values?.health?.values, {
		interval: 20,
		'time-limit': 10,
		failures: 3,
		action: 'restart',
		'disk-floor': 1024 ** 3,
		'inode-floor': 5,
		'commit-lock-alarm': 60,
	});
	t.deepEqual(values?.packs[0]?.values, {
		schedule: '17 3 * * 0',
		'time-zone': undefined,
		days: 7,
		jitter: 600,
		margin: 10,
		'alarm-after': 15 * 86400,
	});
	t.like(values?.mail?.values, {
		to: ['a'],
		server: 'b',
		security: 'starttls',
		when: 'always',
		'crash-limit': {count: 3, seconds: 3600},
	});
	t.deepEqual(values?.monitor?.values.address, {host: '127.0.0.1', port: 8190});
});

test('a pack may be told for each storage, and mail goes to many', t => {
	const {values} = read(
		'<pack/>\n<pack 1>\ndays 3\n</pack>\n<mail>\nto a\nto b\nserver c\n</mail>',
	);
	t.deepEqual(
		values?.packs.map(({name, values: {days}}) => [name, days]),
		[
			[undefined, 7],
			['1', 3],
		],
	);
	t.deepEqual(values?.mail?.values.to, ['a', 'b']);
});

for (const [text, message] of [
	['<transcript>\nmode fast\n</transcript>', "value must be one of 'direct', 'pump'; found 'fast'"],
	['<transcript>\nmax-size -1\n</transcript>', '-1 is below lower bound (1024)'],
	['<health>\ninode-floor 5\n</health>', "not a valid percentage: '5'"],
	['<health>\ninode-floor 101%\n</health>', "not a valid percentage: '101%'"],
	['<health>\nfailures 0\n</health>', '0 is below lower bound (1)'],
	['<health>\ninterval 0\n</health>', '0 is below lower bound (1)'],
	['<health>\ntime-limit 0s\n</health>', '0 is below lower bound (1)'],
	['<health>\ncommit-lock-alarm 0\n</health>', '0 is below lower bound (1)'],
	['<health>\ninterval soon\n</health>', "invalid literal for int() with base 10: 'soon'"],
	[
		'<mail>\ncrash-limit often\nto a\nserver b\n</mail>',
		"not a valid limit such as '3 in 1h': 'often'",
	],
	['<mail>\ncrash-limit 0 in 1h\nto a\nserver b\n</mail>', '0 is below lower bound (1)'],
	['<mail>\nport 99999\nto a\nserver b\n</mail>', '99999 is above upper bound (65535)'],
] as const) {
	test(`${JSON.stringify(text)} is refused`, t => {
		t.deepEqual(read(text).texts, [`${message} (line 2, in file:///x)`]);
	});
}

const valid = 'to a@b.example\nserver mail.example.org';

for (const [lines, message] of [
	['server b', "not enough values for 'to'; 0 found, 1 required\n(line 3 in file:///x)"],
	['to a', "<mail> needs a 'server' or a 'sendmail' (line 3, -1, in file:///x)"],
	[
		`${valid}\nsendmail /usr/sbin/sendmail`,
		"<mail> has a 'server' and a 'sendmail'; only one of them can send (line 5, -1, in file:///x)",
	],
	[
		'to a\nsendmail /usr/sbin/sendmail\nuser x',
		"'port', 'user' and 'password-file' need a 'server' (line 5, -1, in file:///x)",
	],
	[`${valid}\npassword-file /tmp/x`, "'password-file' needs a 'user' (line 5, -1, in file:///x)"],
	[`${valid}\nto two words`, "not a valid mail address: 'two words' (line 4, in file:///x)"],
	[`${valid}\nto a@b, c@d`, "not a valid mail address: 'a@b, c@d' (line 4, in file:///x)"],
	[`${valid}\nto -oQ/tmp`, "not a valid mail address: '-oQ/tmp' (line 4, in file:///x)"],
	[`${valid}\nfrom a@b@c`, "not a valid mail address: 'a@b@c' (line 4, in file:///x)"],
	[
		'to a\nserver mail.example.org:25',
		"not a valid host name (a port has a key of its own): 'mail.example.org:25' (line 3, in file:///x)",
	],
	[
		'to a\nsendmail sendmail -t',
		"not an absolute path of a program without arguments: 'sendmail -t' (line 3, in file:///x)",
	],
	[`${valid}\nping-url secret-word`, 'not a valid http or https address (line 4, in file:///x)'],
] as const) {
	test(`a <mail> section with ${JSON.stringify(lines)} is refused where it stands`, t => {
		t.deepEqual(read(`<mail>\n${lines}\n</mail>`).texts, [message]);
	});
}

test('a <mail> section may name people, local users, and one way to send', t => {
	const {values, texts} = read(
		'<mail>\nto The Admins <admin@example.org>\nto root\nsendmail /usr/sbin/sendmail\nping-url https://hc.example/ab12\n</mail>',
	);
	t.deepEqual(texts, []);
	t.deepEqual(values?.mail?.values.to, ['The Admins <admin@example.org>', 'root']);
});
