import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {planServiceFiles} from '../../src/generate/plan.js';
import type {ServiceFacts} from '../../src/generate/service-facts.js';
import {verifyFiles} from '../../src/generate/verify.js';
import {type Instance, load, makeInstances, shown} from '../helpers/hostile-instances.js';
import {skip} from '../helpers/python.js';
import {readAsCron} from '../helpers/read-as-cron.js';
import {serviceFacts, templates} from '../helpers/service-facts.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** What a service of the instance is made from. */
const factsOf = (instance: Instance, changes: Partial<ServiceFacts> = {}): ServiceFacts => {
	const {packs, mail} = load(instance);
	const {folder, logs, node, script, conf, answers} = instance;
	const {username} = os.userInfo();
	const group = execFileSync('id', ['-gn'], {encoding: 'utf8'}).trim();
	return serviceFacts({
		...{name: answers.project_slug, conf: conf('zeoctl'), directory: folder, node, script},
		...{user: username, group, packs, mailTo: mail?.to},
		logs: [path.join(logs, 'own.log')],
		...changes,
	});
};

const contentOf = (facts: ServiceFacts, kind: 'initd' | 'cron' | 'logrotate'): string =>
	planServiceFiles(facts, templates, [kind])
		.map(({content}) => content)
		.join('');

test('an init script runs what it was made for', t => {
	const instances = makeInstances(t, 60);
	for (const instance of instances) {
		const {folder, script, conf} = instance;
		const file = path.join(folder, 'init');
		writeFileSync(file, contentOf(factsOf(instance), 'initd'));
		const said = execFileSync('sh', [file, 'status'], {encoding: 'utf8'});
		t.is(said, shown(folder, [script, '-C', conf('zeoctl'), 'status', '--strict']));
	}
	const files = instances.map(({folder}) => path.join(folder, 'init'));
	const {error, stdout} = spawnSync('shellcheck', ['--format=gcc', ...files], {encoding: 'utf8'});
	if (error) return skip(t, 'shellcheck is not installed');
	t.is(stdout, '');
});

test('cron runs a pack at the time that was answered, of this instance, and nothing else', t => {
	const entries: string[] = [];
	for (const instance of makeInstances(t, 60)) {
		const {folder, script, conf, answers} = instance;
		const facts = factsOf(instance);
		const lines = contentOf(facts, 'cron')
			.split('\n')
			.filter(line => line !== '' && !line.startsWith('#'));
		if (answers.pack_schedule === 'none') {
			t.deepEqual(lines, []);
			continue;
		}
		const [shell, PATH, mailto, entry = '', ...more] = lines;
		t.deepEqual([shell, PATH?.slice(0, 6), more], ['SHELL=/bin/sh', 'PATH=/', []]);
		t.regex(mailto ?? '', /^MAILTO=[\w.+@-]+$/);
		const [, schedule, user, command = ''] = /^((?:\S+ ){5})(\S+) (.*)$/.exec(entry) ?? [];
		t.deepEqual(
			[schedule?.trim().split(' '), user],
			[answers.pack_schedule.trim().split(/\s+/), facts.user],
		);
		// Nobody answers for the timer, as where there is no systemd.
		const hidden = `systemctl() { return 3; }; ${readAsCron(command)}`;
		const said = execFileSync('sh', ['-c', hidden], {cwd: '/', encoding: 'utf8'});
		t.is(said, shown(folder, [script, '-C', conf('zeoctl'), 'pack', '--scheduled']));
		entries.push(`${schedule}${command}`);
	}
	t.true(entries.length > 5);
	// A table of one user has no column for the user.
	const table = path.join(temporaryFolder(t), 'crontab');
	writeFileSync(table, `${entries.join('\n')}\n`);
	const {error, status, stderr} = spawnSync('crontab', ['-n', table], {encoding: 'utf8'});
	if (error) return skip(t, 'cron is not installed');
	t.is(status, 0, stderr);
});

test('logrotate rotates the log of this instance, has it reopened, and nothing else', t => {
	const env = {...process.env, PATH: `${process.env['PATH']}:/usr/sbin`};
	if (spawnSync('logrotate', ['--version'], {env}).error) {
		skip(t, 'logrotate is not installed');
		return;
	}
	for (const instance of makeInstances(t, 60)) {
		const {folder, logs, node, script, conf} = instance;
		const log = path.join(logs, 'own.log');
		writeFileSync(log, 'a line\n', {mode: 0o600});
		const file = path.join(folder, 'rotate');
		writeFileSync(file, contentOf(factsOf(instance), 'logrotate'), {mode: 0o600});
		const words = ['--force', '--state', path.join(folder, 'state'), file];
		const {stdout, stderr} = spawnSync('logrotate', words, {env, encoding: 'utf8'});
		t.is(stdout + stderr, '');
		const said = readFileSync(`${node}.said`, 'utf8');
		t.is(said, shown(folder, [script, '-C', conf('zeoctl'), 'logreopen']));
		t.true(existsSync(`${log}.1`));
	}
});

test('systemd has nothing to say about the units of such an instance', async t => {
	t.timeout(180_000);
	const instances = makeInstances(t, 60).slice(0, 12);
	const objections = await Promise.all(
		instances.map((instance, index) => {
			const folder = `/srv/${path.basename(instance.folder)}`;
			const facts = factsOf(instance, {
				...{name: `n${index}`, conf: `${folder}/x.conf`, directory: folder, node: '/bin/true'},
				...{script: `${folder}/zeoctl.cjs`, writable: [folder], stateDirectory: `${folder}/var`},
				logs: [],
			});
			return verifyFiles(planServiceFiles(facts, templates, ['systemd']), process.env);
		}),
	);
	t.deepEqual(objections.flat(), []);
});
