import test from 'ava';
import {readAnswers, readPassword} from '../../src/scaffold/read-answers.js';

test('a replay file of cookiecutter is read, its password apart from the answers', t => {
	const replay = {
		cookiecutter: {
			...{project_name: 'Shop', zeo_server_port: 8200, use_zeo_auth: 'n', zeo_auth_user: 'u'},
			...{zeo_auth_password: '"$%\'', zeo_pack_report: '', _template: 'https://example.org/t'},
		},
	};
	t.deepEqual(readAnswers(JSON.stringify(replay)), {
		...{project_name: 'Shop', zeo_server_port: '8200', use_zeo_auth: 'no', zeo_auth_user: 'u'},
		zeo_pack_report: 'none',
	});
	t.is(readPassword(JSON.stringify(replay)), '"$%\'');
	t.is(readPassword('project_name: x'), undefined);
});

test('what is left empty is not answered', t => {
	t.deepEqual(readAnswers('zeo_auth_user: ""\nzeo_monitor_port: ""\n'), {zeo_monitor_port: 'none'});
});

test('YAML is read, with its own words for yes and no', t => {
	t.deepEqual(readAnswers('project_name: "Größe: 1"\nblobs: false\nzeo_monitor_port: null\n'), {
		...{project_name: 'Größe: 1', blobs: 'no', zeo_monitor_port: 'none'},
	});
	t.deepEqual(readAnswers(''), {});
});

test('numbers are taken as they are written', t => {
	const text = 'project_name: 007\npack_days: 0o17\nzeo_storage: 1e3\nzeo_auth_password: 0012.50\n';
	t.deepEqual(readAnswers(text), {project_name: '007', pack_days: '0o17', zeo_storage: '1e3'});
	t.is(readPassword(text), '0012.50');
});

test('a password may hold every printable character', t => {
	const ascii = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index)).join('');
	for (const password of [ascii, 'größe 大きさ 🐘', "'", '"', '\\']) {
		t.is(readPassword(JSON.stringify({zeo_auth_password: password})), password);
		t.is(readPassword(`zeo_auth_password: '${password.replaceAll("'", "''")}'\n`), password);
	}
});

test('a mistake is told without the text around it, which may be a password', t => {
	const text = 'project_name: x\nzeo_auth_password: "secret\n';
	const error = t.throws(() => readAnswers(text), {message: /quote at line \d+, column \d+$/});
	t.false(error.message.includes('secret'));
});

const refused = test.macro((t, text: string, reason: RegExp) => {
	t.throws(() => readAnswers(text), {message: reason});
});
test(
	'a name that nobody asks for is an error',
	refused,
	'prjoect_name: x',
	/'prjoect_name'.*project_name/,
);
test('a list is no answers', refused, '- a', /no names/);
test('a list is no answer', refused, 'project_name: [a]', /'project_name' is neither/);
test('what is neither JSON nor YAML is an error', refused, '{"a', /./);
test('a quote that nobody closes is an error', refused, 'project_name: "x\nblobs: no\n', /quote/);
