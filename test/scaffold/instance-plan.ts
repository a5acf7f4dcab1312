import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {checkRoot} from '../../src/scaffold/answer-checks.js';
import type {Answers} from '../../src/scaffold/answers.js';
import {planFolders, planInstance} from '../../src/scaffold/instance-plan.js';
import {loadSettings} from '../../src/settings/load.js';
import {askPython} from '../helpers/ask-python.js';
import {answersOf, machineOf} from '../helpers/scaffold.js';
import {seededRandom} from '../helpers/seeded-random.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const writePlan = (folder: string, given: Partial<Answers>): Answers => {
	const answers = answersOf(given, machineOf({folder}));
	const place = {folder, node: '/usr/bin/node', script: '/opt/zeoctl.cjs', requirements: 'ZEO\n'};
	for (const each of planFolders(answers, place)) mkdirSync(each.path, {recursive: true});
	for (const {path: file, mode, content} of planInstance(answers, place)) {
		writeFileSync(path.join(folder, file), content, {mode});
	}
	return answers;
};

const load = (folder: string, {project_slug: slug}: Answers) =>
	loadSettings({
		overrides: {configFile: `${folder}/etc/${slug}-zeoctl.conf`},
		environment: {},
		cwd: '/',
	});

/** Names of folders that a conf could stumble over; quotes and white space together are refused. */
const hostileNames = (): readonly string[] => {
	const {below, pick} = seededRandom(11);
	const signs = [...'$%#<>()&;|*?[]{}=,:~^!@+-', '${x}', '$x', '$$', 'größe', '大', '🐘'] as const;
	const make = (more: readonly [string, ...string[]]): string =>
		`a${Array.from({length: 1 + below(6)}, () => pick(below(3) === 0 ? more : ['b', ...signs])).join('')}z`;
	return Array.from({length: 30}, (_, index) =>
		make(index % 2 === 0 ? [' ', '\u00a0'] : ['"', "'", '\\']),
	);
};

test('what the confs say is read back by the real zdaemon and ZEO, whatever the names are', t => {
	const root = temporaryFolder(t);
	const folders = hostileNames()
		.map(name => path.join(root, name))
		.filter(folder => checkRoot(folder) === undefined);
	t.true(folders.length > 20);
	const instances = folders.map(folder => {
		mkdirSync(folder, {recursive: true});
		const title = path.basename(folder);
		const given = {project_name: `<zeo> $${title} %`, project_slug: 's', logs_directory: title};
		return {folder, answers: writePlan(folder, given)};
	});
	const read = askPython(t, {
		script: 'scaffold.py',
		input: instances.map(({folder, answers}) => [folder, answers.project_slug]),
		environment: {LC_ALL: 'C.UTF-8'},
	});
	if (read === undefined) return;
	t.deepEqual(
		read,
		instances.map(({folder, answers}) => expected(folder, answers)),
	);
});

const expected = (folder: string, {run_user, zeo_storage}: Answers) => {
	const logs = path.join(folder, path.basename(folder));
	const words = [`${folder}/env/bin/runzeo`, '-C', `${folder}/etc/s-zeo.conf`];
	return {
		// zdaemon knows no quotes: it splits at white space.
		program: words
			.map(word => (/\s/u.test(word) ? `"${word}"` : word))
			.join(' ')
			.split(/\s+/u),
		...{user: run_user, directory: folder, socket: `${folder}/var/zeo.sock`},
		transcript: `${logs}/transcript-s.log`,
		address: ['127.0.0.1', 8100],
		storage: zeo_storage,
		...{
			path: `${folder}/var/Data.fs`,
			blobs: `${folder}/var/blobs`,
			logs: [`${logs}/zeo-s.log`, `${logs}/supervisor-s.log`],
		},
	};
};

test('zeoctl reads the same, and white space does not split its words', t => {
	const root = temporaryFolder(t);
	for (const name of hostileNames()) {
		const folder = path.join(root, name);
		if (checkRoot(folder) !== undefined) continue;
		const {runner} = load(folder, writePlan(folder, {project_slug: 's'}));
		t.deepEqual(runner.program, [`${folder}/env/bin/runzeo`, '-C', `${folder}/etc/s-zeo.conf`]);
		t.is(runner.socketName, `${folder}/var/zeo.sock`);
	}
});

const sections = test.macro((t: ExecutionContext, given: Partial<Answers>, wanted: object) => {
	const folder = temporaryFolder(t);
	t.like(load(folder, writePlan(folder, given)), wanted);
});
test(
	'packs and mail are as answered',
	sections,
	{
		pack_schedule: '5 4 * * mon',
		pack_days: '30',
		zeo_pack_report: 'Ad <a@example.org>',
		mail_server: 'mail.example.org:587',
	},
	{
		packs: [{schedule: '5 4 * * mon', days: 30}],
		mail: {to: ['Ad <a@example.org>'], server: 'mail.example.org', port: 587, security: 'starttls'},
	},
);
test(
	'mail may leave by a sendmail',
	sections,
	{zeo_pack_report: 'root', mail_server: '/usr/sbin/sendmail'},
	{
		mail: {to: ['root'], sendmail: '/usr/sbin/sendmail'},
	},
);
test(
	'a mail server of this machine needs no certificate',
	sections,
	{zeo_pack_report: 'root'},
	{
		mail: {server: 'localhost', security: 'none'},
	},
);
test(
	'what is not wanted is not there',
	sections,
	{pack_schedule: 'none'},
	{packs: [], mail: undefined},
);

test('files that only the server needs are not for all', t => {
	const answers = answersOf();
	const plan = planInstance(answers, {
		folder: '/srv/shop',
		node: '/n',
		script: '/s',
		requirements: '',
	});
	t.deepEqual(
		plan
			.filter(({path: file}) => file.startsWith('etc/'))
			.map(({path: file, mode}) => [file, mode]),
		['zeo', 'zdaemon', 'zeoctl'].map(kind => [`etc/shop-${kind}.conf`, 0o640]),
	);
});
