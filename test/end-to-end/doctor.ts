import {chmodSync, lstatSync, readdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {withZodb} from '../helpers/file-storage.js';
import {isUp} from '../helpers/guarded.js';
import {complaints, makePatient, type Patient} from '../helpers/patient.js';
import {testPython} from '../helpers/python.js';
import {doctorCheckWords, doctorFindingWords, doctorWords} from '../helpers/readme-words.js';
import {waitFor} from '../helpers/wait-for.js';

/** A test about a healthy instance. */
const testPatient = (
	title: string,
	body: (t: ExecutionContext, patient: Patient) => Promise<void>,
): void =>
	test.serial(title, async t => {
		t.timeout(180_000);
		const python = testPython(t);
		const patient = python === undefined ? undefined : await makePatient(t, python);
		if (patient !== undefined) await body(t, patient);
	});

const start = async (t: ExecutionContext, {run}: Patient): Promise<void> => {
	const {exitCode, stdout, stderr} = await run('start');
	t.is(exitCode, 0, stdout + stderr);
};

/** The fields of an object are those that the README names. */
const compareKeys = (t: ExecutionContext, value: object, words: object): void => {
	t.deepEqual(Object.keys(value).toSorted(), Object.keys(words).toSorted());
};

/** Every file with all that looking at it must not change. */
const snapshot = (folder: string): readonly unknown[] =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.toSorted()
		.map(name => {
			const {ino, size, mode, mtimeMs, ctimeMs} = lstatSync(path.join(folder, name));
			return [name, ino, size, mode, mtimeMs, ctimeMs];
		});

testPatient(
	'a healthy instance has nothing to complain of, and is not touched',
	async (t, patient) => {
		const {folder, examine, run} = patient;
		const before = snapshot(folder);
		const down = await examine();
		t.deepEqual(complaints(down), []);
		t.is(down.exitCode, 0);
		t.deepEqual(snapshot(folder), before);
		await start(t, patient);
		const document = await waitFor('a first look of the health', async () => {
			const up = await examine();
			return up.checks.some(
				({name, findings}) => name === 'health' && findings[0]?.message === 'it answers',
			)
				? up
				: undefined;
		});
		t.deepEqual(complaints(document), []);
		t.is(document.exitCode, 0);
		t.true(document.ok && document.counts.ok > 40);
		const {exitCode: _, ...answer} = document;
		compareKeys(t, answer, doctorWords);
		for (const check of answer.checks) {
			compareKeys(t, check, doctorCheckWords);
			for (const finding of check.findings) compareKeys(t, finding, doctorFindingWords);
		}
		t.is((await run('stop')).exitCode, 0);
		t.deepEqual(complaints(await examine()), []);
	},
);

/** What is broken, what is found, and whether the printed command makes it go away. */
type Case = {
	readonly breaks: (patient: Patient, t: ExecutionContext) => Promise<void> | void;
	readonly group: string;
	/** The check and the beginning of what it says. */
	readonly finds: RegExp;
	readonly command: RegExp;
	/** Whether the server has to run. */
	readonly running?: true;
};

const tls = (folder: string): string =>
	`  <ssl>\n    certificate ${folder}/tls/server.pem\n    key ${folder}/tls/server.key\n    authenticate ${folder}/tls/ca.pem\n  </ssl>\n`;

const cases: Readonly<Record<string, Case>> = {
	'a conf that everybody may change': {
		breaks: ({at}) => chmodSync(at('zeo.conf'), 0o666),
		group: 'owners',
		finds: /^conf-files error: everybody may change/,
		command: /^chmod go-w /,
	},
	'a database that everybody may change': {
		breaks: ({at}) => chmodSync(at('Data.fs'), 0o666),
		group: 'owners',
		finds: /^data-files error: everybody may write/,
		command: /^chmod o-w /,
	},
	'a program that may not be run': {
		breaks: ({at}) => chmodSync(at('runzeo'), 0o600),
		group: 'program',
		finds: /^executable error: no permission to run program/,
		command: /chmod \+x /,
	},
	'a folder that is missing': {
		breaks: ({edit}) => edit('z.conf', '/log/out.log', '/logs/out.log'),
		group: 'conf',
		finds: /^mistakes error: .*z\.conf:4: The directory named/,
		command: /^(?:mkdir -p|install -d -o \S+) /,
	},
	'a key that ZEO has dropped': {
		breaks: ({edit}) => edit('zeo.conf', '</zeo>', '  monitor-address 127.0.0.1:1\n</zeo>'),
		group: 'conf',
		finds: /^dead-keys error: .*'monitor-address'/,
		command: /^zeoctl -C z\.conf migrate --write$/,
	},
	'a pack that was broken off': {
		breaks: async ({at}, t) => {
			await withZodb(t, [{do: 'kill-in-pack', path: at('Data.fs'), at: 'after-1'}]);
		},
		group: 'data',
		finds: /^content error: .*between its two renames/,
		command: /^mv /,
	},
	'a password that everybody can read': {
		breaks: ({edit, at}) => {
			edit(
				'z.conf',
				/sendmail .*/,
				`server localhost\n  user me\n  password-file ${at('password')}`,
			);
			writeFileSync(at('password'), 'secret\n');
			chmodSync(at('password'), 0o644);
		},
		group: 'mail',
		finds: /^password error: .*everybody may use the file/,
		command: /^chmod o= /,
	},
	'a key of TLS that others can read': {
		breaks: async ({run, edit, folder, at}) => {
			await run('certificates', '--folder', 'tls');
			edit('zeo.conf', '</zeo>', `${tls(folder)}</zeo>`);
			chmodSync(at('tls/server.key'), 0o644);
		},
		group: 'certificates',
		finds: /^key error: others can read the key/,
		command: /^chmod 600 /,
	},
	'a run state that others may write to': {
		breaks: ({at}) => chmodSync(at('.sock.d'), 0o777),
		group: 'owners',
		finds: /^run-state error: others may write/,
		command: /^chmod go-w /,
		running: true,
	},
	'a conf that was changed since the start': {
		breaks: async ({edit, run}) => {
			edit('z.conf', '<pack/>', '<pack>\n  days 3\n</pack>');
			await waitFor('the supervisor to see it', async () => {
				const {stdout} = await run('status', '--json');
				return JSON.parse(stdout).configuration?.state === 'changed';
			});
		},
		group: 'conf',
		finds: /^loaded warning: changed since it was loaded/,
		command: /^zeoctl -C z\.conf reload$/,
		running: true,
	},
	'a server without its supervisor': {
		breaks: async ({run}) => {
			const {stdout} = await run('status', '--json');
			const manager: number = JSON.parse(stdout).manager;
			process.kill(manager, 'SIGKILL');
			await waitFor('its end', () => !isUp(manager));
		},
		group: 'program',
		finds: /^supervisor warning: process \d+ runs without a supervisor/,
		command: /^zeoctl -C z\.conf start$/,
		running: true,
	},
};

for (const [title, {breaks, group, finds, command: expected, running}] of Object.entries(cases)) {
	testPatient(`${title}: the printed command repairs it`, async (t, patient) => {
		const {examine, type} = patient;
		if (running) await start(t, patient);
		await breaks(patient, t);
		const sick = await examine(group);
		const complaint = complaints(sick).find(each => finds.test(each));
		t.truthy(complaint, complaints(sick).join('\n'));
		if (complaint?.includes(' error: ')) t.is(sick.exitCode, 1);
		const repair = sick.checks
			.flatMap(({findings}) => findings.map(({command}) => command ?? ''))
			.find(command => expected.test(command));
		const {exitCode, stdout, stderr} = await type(repair ?? 'false');
		t.is(exitCode, 0, `${repair}\n${stdout}${stderr}`);
		t.deepEqual(
			complaints(await examine(group)).filter(each => finds.test(each)),
			[],
		);
		await patient.run('stop');
	});
}

testPatient(
	'a port that somebody else has is named with its process',
	async (t, {examine, port}) => {
		const server = createServer().listen(port, '127.0.0.1');
		await new Promise(resolve => server.once('listening', resolve));
		const sick = await examine('ports');
		t.regex(complaints(sick).join('\n'), new RegExp(`^address error: .* process ${process.pid} `));
		await new Promise(resolve => server.close(resolve));
		t.deepEqual(complaints(await examine('ports')), []);
	},
);

testPatient('with a broken conf the rest is looked at all the same', async (t, {edit, examine}) => {
	edit('z.conf', 'transcript', 'transkript');
	const {checks, exitCode} = await examine();
	t.is(exitCode, 1);
	const levelOf = (wanted: string) => checks.find(({name}) => name === wanted)?.level;
	t.is(levelOf('mistakes'), 'error');
	t.is(levelOf('node'), 'ok');
	t.is(levelOf('content'), 'ok');
	t.true(checks.length >= 30);
});

testPatient(
	'people get lines without colours where there is no terminal',
	async (t, {run, edit}) => {
		edit('zeo.conf', '  transaction-timeout 300\n', '');
		const {stdout, exitCode, stderr} = await run('doctor', 'time', 'data');
		t.is(exitCode, 0);
		t.is(stderr, '');
		t.false(stdout.includes('\x1b'));
		t.regex(stdout, /^data\n {2}ok {7}content /);
		t.regex(stdout, /^time\n {2}warning {2}transaction-timeout {2}a client that hangs/m);
		t.regex(stdout, /^ {11}add "transaction-timeout 300" to <zeo> in .*zeo\.conf$/m);
		t.regex(stdout, /\n\d+ checks: \d+ ok, 1 warning, no errors[^\n]*\n$/);
	},
);

testPatient('a group that does not exist is a mistake of the command line', async (t, {run}) => {
	const {exitCode, stderr} = await run('doctor', 'logz');
	t.is(exitCode, 2);
	t.regex(stderr, /there is no such group; did you mean 'logs'\?/);
});
