import {execFileSync, spawnSync} from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import type {Answers} from '../../src/scaffold/answers.js';
import {planInstance} from '../../src/scaffold/instance-plan.js';
import {parseConfiguration} from '../../src/zconfig/parse.js';
import type {Item} from '../../src/zconfig/tree.js';
import {askPython} from '../helpers/ask-python.js';
import {hostileAnswers, settleHostile} from '../helpers/hostile-answers.js';
import {load, makeInstances, shown} from '../helpers/hostile-instances.js';
import {commandsTerminal} from '../helpers/hostile-text.js';
import {skip} from '../helpers/python.js';
import {answersOf, machineOf} from '../helpers/scaffold.js';

test('an answer is refused with a reason that commands no terminal, or holds nothing that does', t => {
	let count = 0;
	for (const given of hostileAnswers(400)) {
		const {answers, refusals} = settleHostile(given);
		for (const {reason} of refusals) t.false(reason === '' || commandsTerminal(reason), reason);
		const values: readonly string[] = Object.values(answers);
		for (const value of values) t.false(commandsTerminal(value), value);
		count += refusals.length;
	}
	t.true(count > 400);
});

test('what the confs say is read back by the real ZEO and zdaemon', t => {
	const instances = makeInstances(t, 60);
	const read = askPython(t, {
		script: 'scaffold.py',
		input: instances.map(({folder, answers}) => [folder, answers.project_slug]),
		environment: {LC_ALL: 'C.UTF-8'},
	});
	if (read === undefined) return;
	t.deepEqual(
		read,
		instances.map(({folder, logs, answers, conf}) => ({
			program: [`${folder}/env/bin/runzeo`, '-C', conf('zeo')]
				.map(word => (/\s/u.test(word) ? `"${word}"` : word))
				.join(' ')
				.split(/\s+/u),
			...{user: answers.run_user, directory: folder, socket: `${folder}/var/zeo.sock`},
			transcript: `${logs}/transcript-${answers.project_slug}.log`,
			address: ['127.0.0.1', Number(answers.zeo_server_port)],
			storage: answers.zeo_storage,
			path: `${folder}/var/Data.fs`,
			blobs: answers.blobs === 'yes' ? `${folder}/var/blobs` : null,
			logs: ['zeo', 'supervisor'].map(name => `${logs}/${name}-${answers.project_slug}.log`),
		})),
	);
});

test('zeoctl reads its own sections as they were answered', t => {
	for (const instance of makeInstances(t, 60)) {
		const {answers, folder, conf} = instance;
		const {runner, packs, mail, monitor} = load(instance);
		t.deepEqual(runner.program, [`${folder}/env/bin/runzeo`, '-C', conf('zeo')]);
		t.deepEqual(
			packs.map(({schedule, days}) => [schedule, days]),
			answers.pack_schedule === 'none'
				? []
				: [[answers.pack_schedule.trim(), Number(answers.pack_days)]],
		);
		t.is(monitor === undefined, answers.zeo_monitor_port === 'none');
		if (answers.zeo_pack_report === 'none') {
			t.is(mail, undefined);
			continue;
		}
		t.deepEqual(mail?.to, [answers.zeo_pack_report.trim()]);
		const [host, port] = answers.mail_server.split(':');
		if (answers.mail_server.startsWith('/')) t.is(mail?.sendmail, answers.mail_server);
		else t.like(mail, {server: host, port: port === undefined ? undefined : Number(port)});
	}
});

/** Sections and keys, without what they say. */
const outline = (items: readonly Item[]): readonly unknown[] =>
	items.map(item => {
		if (item.kind === 'section') return [item.type, outline(item.items)];
		return item.kind === 'key' ? item.key : item.kind;
	});

const outlineOf = (text: string): readonly unknown[] => {
	const own = text.replace(/^%include .*$/m, '');
	const read = () => ({ok: true, url: 'file:///x', text: own}) as const;
	return outline(parseConfiguration({location: 'x', read, environment: {}}).items);
};

test('no answer adds a section or a key to a conf', t => {
	const releases = [{name: 'all', zeoVersions: ['4', '5', '6']}];
	const machine = machineOf({releases});
	for (const given of hostileAnswers(200, 8)) {
		const {answers} = settleHostile(given, machine);
		const {blobs, mail_server, use_zeo_auth, zeo_version} = answers;
		const benign = {
			...{blobs, mail_server, use_zeo_auth, zeo_version},
			pack_schedule: answers.pack_schedule === 'none' ? 'none' : '1 2 * * *',
			zeo_monitor_port: answers.zeo_monitor_port === 'none' ? 'none' : '8101',
			zeo_pack_report: answers.zeo_pack_report === 'none' ? 'none' : 'root',
		};
		const twin = answersOf(benign, machine);
		const place = {folder: '/srv/shop', node: '/n', script: '/s', requirements: ''};
		const outlines = (all: Answers) =>
			planInstance(all, place)
				.filter(file => file.path.endsWith('.conf'))
				.map(({content}) => outlineOf(content));
		t.deepEqual(outlines(answers), outlines(twin), JSON.stringify(answers));
	}
});

test('the commands of the instance find their conf, and shellcheck finds nothing', t => {
	const instances = makeInstances(t, 60);
	for (const {folder, script, conf} of instances) {
		const command = path.join(folder, 'bin/zeoctl');
		const said = execFileSync(command, ['status'], {cwd: folder, encoding: 'utf8'});
		t.is(said, shown(folder, [script, '-C', conf('zeoctl'), 'status']));
	}
	const commands = instances.flatMap(({folder}) =>
		['zeoctl', 'runzeo', 'zeopack', 'zeopasswd'].map(name => path.join(folder, 'bin', name)),
	);
	const {error, stdout} = spawnSync('shellcheck', ['--format=gcc', ...commands], {
		encoding: 'utf8',
	});
	if (error) return skip(t, 'shellcheck is not installed');
	t.is(stdout, '');
});
