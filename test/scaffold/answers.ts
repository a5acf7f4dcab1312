import test from 'ava';
import {checkRoot} from '../../src/scaffold/answer-checks.js';
import type {AnswerName, Answers} from '../../src/scaffold/answers.js';
import {settleAnswers} from '../../src/scaffold/settle-answers.js';
import {hostileTexts} from '../helpers/hostile-text.js';
import {answersOf, machineOf} from '../helpers/scaffold.js';

const reasonsOf = (given: Partial<Answers>): readonly string[] => {
	const settled = settleAnswers(given, machineOf());
	return 'answers' in settled ? [] : settled.refusals.map(({name}) => name);
};

test('what nobody answers is proposed', t => {
	t.deepEqual(answersOf(), {
		...{project_name: 'shop', project_slug: 'shop', pyams_release: 'latest', zeo_version: '6'},
		...{eggs_directory: '/home/anna/.cache/zeoctl/packages', run_user: 'anna', run_group: 'users'},
		...{zeo_server_port: '8100', zeo_monitor_port: '8101', zeo_storage: 'shop', blobs: 'yes'},
		...{use_zeo_auth: 'no', zeo_auth_user: 'client', pack_schedule: '17 3 * * 0', pack_days: '7'},
		...{zeo_pack_report: 'none', mail_server: 'localhost', logs_directory: 'var/log'},
	});
});

test('root is proposed the accounts of the template', t => {
	const machine = machineOf({user: {uid: 0, name: 'root', group: 'root'}});
	const {run_user, run_group} = answersOf({}, machine);
	t.deepEqual([run_user, run_group], ['zeoadm', 'zeo']);
});

const slug = test.macro((t, title: string, expected: string) => {
	const {project_slug, zeo_storage} = answersOf({project_name: title});
	t.is(project_slug, expected);
	t.is(zeo_storage, expected === 'zeo' ? '1' : expected);
});
test('a short name has no accents', slug, 'Größe der Läden', 'gro-e-der-laden');
test('a short name has no signs', slug, ' A/B "c" %d; ', 'a-b-c-d');
test('a short name is short', slug, 'x'.repeat(200), 'x'.repeat(40));
test('a name without a letter of ours still gets a short one', slug, '大きさ', 'zeo');

test('the versions of ZEO are those of the release', t => {
	t.is(answersOf({pyams_release: '2025.1'}).zeo_version, '5');
	t.deepEqual(reasonsOf({pyams_release: '2025.1', zeo_version: '6'}), ['zeo_version']);
});

const refused = test.macro((t, name: AnswerName, value: string) => {
	t.deepEqual(reasonsOf({[name]: value}), [name]);
});
const accepted = test.macro((t, name: AnswerName, value: string) => {
	t.deepEqual(reasonsOf({[name]: value}), []);
});

for (const value of ['', 'a/b', 'a b', '"a"', 'a%', 'a\nb', 'größe', 'x'.repeat(200), '-a', '..']) {
	test(`${JSON.stringify(value)} is no short name`, refused, 'project_slug', value);
}
for (const value of ['', ' ', 'a\nb', 'a\u2028b', '\u001b[2J', 'x'.repeat(201)]) {
	test(`${JSON.stringify(value)} is no name of a project`, refused, 'project_name', value);
}
for (const value of ['0', '80', '70000', '-1', '8100 ', '0x10', '9999', '']) {
	test(`${JSON.stringify(value)} is no port of a server`, refused, 'zeo_server_port', value);
}
test('two servers cannot share a port', refused, 'zeo_monitor_port', '8100');
test('the monitor is proposed another port than the server has', t => {
	t.is(answersOf({zeo_server_port: '8101'}).zeo_monitor_port, '8102');
});
test('no monitor is wanted', accepted, 'zeo_monitor_port', 'none');
test('root may use a low port', t => {
	t.deepEqual(reasonsOf({run_user: 'root', zeo_server_port: '80'}), []);
});
for (const value of ['', 'a b', 'a:b', '-u', 'größe', 'x'.repeat(33), '0', 'a\nroot']) {
	test(`${JSON.stringify(value)} is no account`, refused, 'run_user', value);
	test(`${JSON.stringify(value)} is no group`, refused, 'run_group', value);
}
for (const value of ['', ' /srv', '/srv ', '/a\nb', '/a "b"', '/\u202e', '/a{b', 'a}']) {
	test(`${JSON.stringify(value)} is no folder of logs`, refused, 'logs_directory', value);
}
for (const value of ['/srv/my logs', '/srv/größe', '/a"b', '/$HOME/%d', 'log']) {
	test(`${JSON.stringify(value)} is a folder of logs`, accepted, 'logs_directory', value);
}
for (const value of ['1 2 3', '* * * * * *', '61 * * * *', 'weekly\n', '']) {
	test(`${JSON.stringify(value)} is no schedule`, refused, 'pack_schedule', value);
}
test('a folder whose name pip would hand to a shell is none for an instance', t => {
	for (const name of ['a $(id)', 'a `id`', 'a \\'])
		t.regex(checkRoot(`/srv/${name}`) ?? '', /not both/);
	for (const name of ['$(id)', '`id`', 'a b', 'a;b &c']) t.is(checkRoot(`/srv/${name}`), undefined);
});
test('a folder in which logrotate could not name a log is none for an instance', t => {
	for (const name of ['a{b}', '}', '{{name}}'])
		t.regex(checkRoot(`/srv/${name}`) ?? '', /logrotate/);
});
test('no pack is wanted', accepted, 'pack_schedule', 'none');
for (const value of ['a b', 'a@', 'a\nBcc: b@example.org', '']) {
	test(`${JSON.stringify(value)} is no mail address`, refused, 'zeo_pack_report', value);
}
for (const value of ['a b', 'a:b', 'a:0', 'a:70000', '::1', 'a\n', '']) {
	test(`${JSON.stringify(value)} is no mail server`, refused, 'mail_server', value);
}
for (const value of ['mail.example.org', 'mail.example.org:587', '/usr/sbin/sendmail']) {
	test(`${value} is a mail server`, accepted, 'mail_server', value);
}
test('clients may be asked who they are', accepted, 'use_zeo_auth', 'yes');
for (const value of ['', 'ca', 'Server', '../x', 'a b', 'a:b', '-a', 'größe', 'x'.repeat(64)]) {
	test(`${JSON.stringify(value)} is no client`, refused, 'zeo_auth_user', value);
}

test('all mistakes are told in one run', t => {
	t.deepEqual(reasonsOf({project_slug: '/', zeo_server_port: '0', pack_days: 'x'}), [
		...['project_slug', 'zeo_server_port', 'pack_days'],
	]);
});

test('no answer that is accepted holds a control character', t => {
	for (const text of hostileTexts(400)) {
		const given = {
			project_name: text,
			logs_directory: text,
			zeo_pack_report: text,
			mail_server: text,
		};
		for (const [name, value] of Object.entries(given)) {
			if (reasonsOf({[name]: value}).length === 0) t.notRegex(value, /[\p{Cc}\p{Zl}\p{Zp}]/u);
		}
	}
	t.pass();
});
