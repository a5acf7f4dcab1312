import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../src/control/snapshot.js';
import {type HistoryRecord, readHistory} from '../../src/history/history.js';
import type {PackBeginRecord, PackRecord} from '../../src/history/pack-record.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {testPython} from '../helpers/python.js';
import {obliging, startSink} from '../helpers/smtp-sink.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {projectRoot, type Result, runCommand, zeoctl} from '../helpers/zeoctl.js';

type Scene = {
	readonly folder: string;
	run(...action: string[]): Promise<Result>;
	history(): readonly HistoryRecord[];
	begins(): readonly PackBeginRecord[];
	packs(): readonly PackRecord[];
};

/** A real server with garbage in its storage, and a `<pack>` section. Undefined where there is no ZEO. */
const scheduledServer = async (
	t: ExecutionContext,
	{pack, program, mail = ''}: {pack: string; program?: string; mail?: string},
): Promise<Scene | undefined> => {
	const python = testPython(t);
	if (python === undefined) return undefined;
	const folder = temporaryFolder(t);
	const port = await findFreePort();
	const make = path.join(projectRoot, 'test/fixtures/make_filestorage.py');
	const made = await runCommand(t, [
		...([python, make, '--path', `${folder}/Data.fs`] as const),
		...['--megabytes', '2', '--age-days', '30'],
	]);
	t.is(made.exitCode, 0, made.stderr);
	const server = `<zeo>\naddress 127.0.0.1:${port}\n</zeo>\n<filestorage main>\npath ${folder}/Data.fs\n</filestorage>\n`;
	const runzeo = `${path.join(path.dirname(python), 'runzeo')} -C ${folder}/zeo.conf`;
	writeFileSync(path.join(folder, 'zeo.conf'), server);
	writeFileSync(
		path.join(folder, 'd.conf'),
		`${server}<runner>\nprogram ${program ?? runzeo}\nsocket-name ${folder}/s\ntranscript ${folder}/log\n</runner>\n<pack>\n${pack}\n</pack>\n${mail}`,
	);
	const history = () => readHistory(runDirectoryOf(path.join(folder, 's')));
	return {
		folder,
		run: (...action) => zeoctl(t, ['-C', 'd.conf', ...action], {cwd: folder, limitMs: 180_000}),
		history,
		begins: () =>
			history().filter((record): record is PackBeginRecord => record.event === 'pack-begin'),
		packs: () => history().filter((record): record is PackRecord => record.event === 'pack'),
	};
};

const daily = 'schedule 0 * * * *\njitter 0\ndays 1\nmargin 0%';

test.serial(
	'the supervisor packs a real storage when its slot is due, and tells so in its history',
	async t => {
		const scene = await scheduledServer(t, {pack: daily});
		if (scene === undefined) return;
		const started = await scene.run('start');
		t.is(started.exitCode, 0, started.stdout + started.stderr);
		const record = await waitFor('the record of the pack', () => scene.packs()[0], 120_000);
		t.is(record.outcome, 'packed', record.reason ?? '');
		const [begin] = scene.begins();
		t.like(begin, {by: 'schedule', storages: ['main']});
		t.is((begin?.slot ?? 1) % 3600, 0);
		const shown = await scene.run('schedule', '--json');
		t.like(JSON.parse(shown.stdout), {owner: 'supervisor', supervisorRuns: true});
		t.like(JSON.parse(shown.stdout).storages[0], {
			storage: 'main',
			state: 'done',
			overdueSince: null,
			last: {outcome: 'packed', slot: begin?.slot ?? 0},
		});
		t.regex(
			(await scene.run('schedule')).stdout,
			/^ {2}next {2}\w{3} \d{4}-\d\d-\d\d \d\d:00 [+-]\d{4}$/m,
		);
		t.is((await scene.run('stop')).exitCode, 0);
	},
);

test.serial(
	'promise 10: a supervisor, a timer and cron that start a slot at the same moment pack once',
	async t => {
		const scene = await scheduledServer(t, {pack: daily});
		if (scene === undefined) return;
		const results = await Promise.all([
			scene.run('start'),
			...Array.from({length: 3}, () => scene.run('pack', '--scheduled')),
		]);
		await waitFor('the end of the run', () =>
			scene.history().find(record => record.event === 'pack-end'),
		);
		const late = await scene.run('pack', '--scheduled');
		t.is(late.exitCode, 0, late.stdout + late.stderr);
		const begun = scene.begins();
		// Who comes before the server is up finds nobody to ask; that attempt is told, and made again an hour later.
		t.is(begun.length, 1, JSON.stringify(results.map(({stderr, stdout}) => stdout + stderr)));
	},
);

test.serial('a job outlives the supervisor that started it, and is reported', async t => {
	const sink = await startSink(t, obliging);
	const mail = `<mail>\nto a@example.org\nserver localhost\nport ${sink.port}\nsecurity none\n</mail>\n`;
	const scene = await scheduledServer(t, {pack: daily, mail});
	if (scene === undefined) return;
	const started = await scene.run('start');
	t.is(started.exitCode, 0, started.stdout + started.stderr);
	const {manager} = JSON.parse((await scene.run('status', '--json')).stdout);
	await waitFor('the job', () => scene.begins().length > 0);
	process.kill(manager, 'SIGKILL');
	const record = await waitFor('the record of the pack', () => scene.packs()[0], 120_000);
	t.is(record.outcome, 'packed', record.reason ?? '');
	await waitFor('its mail', () => sink.messages.length > 0, 120_000);
	const again = await scene.run('start');
	t.is(again.exitCode, 0, again.stdout + again.stderr);
	t.is((await scene.run('pack', '--scheduled')).exitCode, 0);
	t.is(scene.begins().length, 1);
	t.is(sink.messages.length, 1);
	t.regex(sink.messages[0] ?? '', /^Subject: .*: packed,/m);
	t.is((await scene.run('stop')).exitCode, 0);
});

test.serial('a job that cannot begin leaves an alarm with its last words', async t => {
	const scene = await scheduledServer(t, {pack: daily, program: 'sleep 600'});
	if (scene === undefined) return;
	const conf = path.join(scene.folder, 'd.conf');
	const text = readFileSync(conf, 'utf8');
	// As good as a conf that was changed for the worse after the start.
	writeFileSync(path.join(scene.folder, 'late.conf'), '');
	writeFileSync(conf, `%include late.conf\n${text}`);
	writeFileSync(
		path.join(scene.folder, 'spoil.sh'),
		'#!/bin/sh\necho "nonsense" > late.conf\nexec sleep 600\n',
		{mode: 0o755},
	);
	writeFileSync(
		conf,
		readFileSync(conf, 'utf8').replace('program sleep 600', `program ${scene.folder}/spoil.sh`),
	);
	await scene.run('start');
	const alarm = await waitFor('the alarm', () =>
		scene.history().find(record => record.event === 'alarm' && record.alarm === 'pack-schedule'),
	);
	t.regex(
		'text' in alarm ? alarm.text : '',
		/the scheduled pack could not begin: exit status 2: .+/,
	);
	writeFileSync(path.join(scene.folder, 'late.conf'), '');
	t.is((await scene.run('stop')).exitCode, 0);
});
