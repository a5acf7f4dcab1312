import test from 'ava';
import {isConfigurationError} from '../../src/settings/configuration-error.js';
import {settingsOf} from '../helpers/read-text.js';

const log = (inner: string) =>
	settingsOf(`<runner>\nprogram x\n</runner>\n<eventlog>\n${inner}\n</eventlog>\n`).eventLog;

const refusal = (t: {throws: (fn: () => unknown) => unknown}, inner: string): string => {
	const error = t.throws(() => log(inner));
	return isConfigurationError(error) ? error.message : String(error);
};

for (const [text, level] of [
	['critical', 50],
	['FATAL', 50],
	['error', 40],
	['warn', 30],
	['warning', 30],
	['info', 20],
	['blather', 15],
	['debug', 10],
	['trace', 5],
	['all', 1],
	['notset', 0],
	['50', 50],
	['7', 7],
] as const) {
	test(`level ${text} is ${level}`, t => {
		t.is(log(`level ${text}`)?.level, level);
	});
}

test('the level of a log without one is info, of a handler everything', t => {
	const found = log('<logfile>\npath x\n</logfile>');
	t.is(found?.level, 20);
	t.is(found?.handlers[0]?.level, 0);
});

test('a level out of range is refused', t => {
	t.is(refusal(t, 'level 51'), 'log level not in range: 51 (line 5, in file:///etc/x.conf)');
	t.is(refusal(t, 'level -1'), 'log level not in range: -1 (line 5, in file:///etc/x.conf)');
	t.regex(refusal(t, 'level LOUD'), /^invalid literal for int\(\) with base 10: 'loud'/);
});

test('a logfile has the defaults of ZConfig', t => {
	t.deepEqual(log('<logfile>\npath a.log\n</logfile>')?.handlers, [
		{
			type: 'logfile',
			level: 0,
			format: '------\n%(asctime)s %(levelname)s %(name)s %(message)s',
			dateFormat: '%Y-%m-%dT%H:%M:%S',
			style: 'classic',
			arbitraryFields: false,
			path: 'a.log',
			oldFiles: 0,
			maxSize: 0,
			when: '',
			interval: 0,
			delay: false,
			encoding: undefined,
			places: {
				path: {url: 'file:///etc/x.conf', line: 6},
				when: undefined,
				encoding: undefined,
			},
		},
	]);
});

test('a logger has a name', t => {
	const logger = (line: string) =>
		settingsOf(`<runner>\nprogram x\n<logger>\n${line}\n</logger>\n</runner>\n`).eventLog;
	t.is(logger('name my.log')?.name, 'my.log');
	t.is(logger('')?.name, undefined);
});

test('handlers keep their order', t => {
	const found = log(
		'<syslog>\n</syslog>\n<logfile>\npath STDOUT\n</logfile>\n<win32-eventlog/>\n<http-logger/>\n<email-notifier>\nfrom a\nto b\n</email-notifier>',
	);
	t.deepEqual(
		found?.handlers.map(({type}) => type),
		['syslog', 'logfile', 'win32-eventlog', 'http-logger', 'email-notifier'],
	);
});

test('syslog goes to this machine by default', t => {
	t.like(log('<syslog/>')?.handlers[0], {
		facility: 'user',
		address: {family: 'inet', host: 'localhost', port: 514},
		format: '%(name)s %(message)s',
	});
	t.like(log('<syslog>\nfacility LOCAL3\naddress /dev/log\n</syslog>')?.handlers[0], {
		facility: 'local3',
		address: {family: 'unix', path: '/dev/log'},
	});
});

test('escapes in a format are single characters', t => {
	t.is(
		log('<logfile>\npath x\nformat a\\n\\tb\\\\n\\x\n</logfile>')?.handlers[0]?.format,
		'a\n\tb\\\n\\x',
	);
});

const end = (line: number) => ` (line ${line}, -1, in file:///etc/x.conf)`;

for (const [keys, message] of [
	['path STDERR\nmax-size 1', 'cannot rotate STDERR'],
	['path STDOUT\nold-files 1', 'cannot rotate STDOUT'],
	['path STDOUT\nwhen D', 'cannot rotate STDOUT'],
	['path STDERR\ndelay on', 'cannot delay opening STDERR'],
	['path STDERR\nencoding utf-8', 'cannot specify encoding for STDERR'],
	['path x\nmax-size 1', 'old-files must be set for log rotation'],
	['path x\ninterval 1', 'old-files must be set for log rotation'],
	['path x\nold-files 1', 'max-bytes or when must be set for log rotation'],
	['path x\nold-files 1\nmax-size 1\nwhen D', "can't set *both* max_bytes and when"],
	['path x\nformat %(message)', 'incomplete format'],
] as const) {
	test(`${JSON.stringify(keys)} is refused at the end of the log`, t => {
		const lines = keys.split('\n').length;
		t.is(refusal(t, `<logfile>\n${keys}\n</logfile>`), message + end(7 + lines));
	});
}

test('formats that end the original with a stack trace are refused with a sentence', t => {
	for (const format of ['%(nosuch)s', '%s', '%(message)d']) {
		const text = refusal(t, `<logfile>\npath x\nformat ${format}\n</logfile>`);
		t.true(text.endsWith(end(9)), `${format}: ${text}`);
	}
});

test('formats of every style are tried out', t => {
	for (const [style, format] of [
		['format', '{asctime} {levelname:>8} {message}'],
		['template', '$$asctime $${message}'],
		['safe-template', '$$nosuch $$message'],
		['CLASSIC', '%(process)d 100%%'],
	] as const) {
		const handler = log(`<logfile>\npath x\nstyle ${style}\nformat ${format}\n</logfile>`);
		t.like(handler?.handlers[0], {style: style.toLowerCase()});
	}
	t.regex(refusal(t, '<logfile>\npath x\nstyle format\nformat {\n</logfile>'), /-1, in file/);
	t.regex(
		refusal(t, '<logfile>\npath x\nstyle odd\n</logfile>'),
		/^log_format_style must be one of 'classic', 'format', 'safe-template', 'template'; found 'odd' \(line 7,/,
	);
});

for (const [section, message] of [
	[
		'<syslog>\nfacility x\n</syslog>',
		'Syslog facility must be one of auth, authpriv, cron, daemon, kern, local0, local1, local2, local3, local4, local5, local6, local7, lpr, mail, news, security, syslog, user, uucp',
	],
	['<http-logger>\nurl https://h/\n</http-logger>', 'url must be an http url'],
	['<http-logger>\nurl http:///x\n</http-logger>', 'url must specify a location'],
	['<http-logger>\nurl http://h\n</http-logger>', 'url must specify a path'],
	[
		'<http-logger>\nmethod put\n</http-logger>',
		'method must be "GET" or "POST", instead received: \'PUT\'',
	],
] as const) {
	test(`${JSON.stringify(section)} is refused where it stands`, t => {
		t.is(refusal(t, section), `${message} (line 6, in file:///etc/x.conf)`);
	});
}

test('a mail user needs a password and the other way round', t => {
	const section = '<email-notifier>\nfrom a\nto b\nsmtp-username u\n</email-notifier>';
	t.is(
		refusal(t, section),
		`Either both smtp-username and smtp-password or none must be given${end(10)}`,
	);
	t.notThrows(() => log(section.replace('</', 'smtp-password p\n</')));
});
