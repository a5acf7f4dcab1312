import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import {withoutMarkers} from '../../src/transcript/marker.js';
import {findFreePort} from '../helpers/fake-zeo.js';
import {bySize} from '../helpers/full-size.js';
import {skip, testPython} from '../helpers/python.js';
import {supervised} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';
import {startCommand} from '../helpers/zeoctl.js';

const runFile = promisify(execFile);
const logrotate = ['/usr/sbin/logrotate', '/sbin/logrotate', '/usr/bin/logrotate'].find(existsSync);
const rotations = bySize(100, 10);
const limitMs = 30_000 * rotations;

const client = `
import sys, transaction, ZEO
connection = ZEO.DB(('127.0.0.1', int(sys.argv[1]))).open()
number = 0
while True:
    number += 1
    connection.root()['number'] = number
    transaction.commit()
    print(number, flush=True)
`;

/** All that was written to a log, in the order of writing: the oldest file has the highest number. */
const wholeLog = (file: string): string => {
	const name = path.basename(file);
	const numbers = readdirSync(path.dirname(file))
		.filter(entry => entry.startsWith(`${name}.`))
		.map(entry => Number.parseInt(entry.slice(name.length + 1), 10))
		.toSorted((one, other) => other - one);
	const files = [...numbers.map(number => `${file}.${number}`), file];
	return files.map(found => withoutMarkers(contentOf(found)).toString()).join('');
};

const contentOf = (file: string): Buffer =>
	existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));

const recordsOf = (log: string): string =>
	log
		.split('\n')
		.filter(line => /^\d{4}-\d\d-\d\dT/.test(line))
		.join('\n');

/** What stands around the first place where a log is not as it should be. */
const firstDifference = (found: string, expected: string): string | undefined => {
	if (found === expected) return undefined;
	const lines = expected.split('\n');
	const other = found.split('\n');
	const index = lines.findIndex((line, number) => line !== other[number]);
	const around = (all: readonly string[]) =>
		all.slice(Math.max(0, index - 2), index + 4).join('\n');
	return `${found.length} bytes instead of ${expected.length}, line ${index}:\n${around(other)}\ninstead of:\n${around(lines)}`;
};

test('the real logrotate costs no line of the logs of a ZEO server under load', async t => {
	t.timeout(2 * limitMs);
	const python = testPython(t);
	if (python === undefined) return;
	if (logrotate === undefined) return skip(t, 'logrotate is not installed');
	const port = await findFreePort();
	const folder = temporaryFolder(t);
	const logs = path.join(folder, 'logs');
	mkdirSync(logs, {mode: 0o755});
	// The server says everything three times; the last of its logs is left alone.
	const places = ['STDOUT', `${logs}/server.log`, `${folder}/whole.log`];
	const logFile = (place: string) =>
		`  <logfile>\n    path ${place}\n    level debug\n    format %(asctime)s %(message)s\n  </logfile>\n`;
	writeFileSync(
		path.join(folder, 'zeo.conf'),
		`<zeo>\n  address 127.0.0.1:${port}\n</zeo>\n<filestorage 1>\n  path ${folder}/Data.fs\n</filestorage>\n<eventlog>\n  level debug\n${places.map(logFile).join('')}</eventlog>\n`,
	);
	const {up, run, at, status} = supervised(t, {
		folder,
		program: `${path.join(path.dirname(python), 'runzeo')} -C ${folder}/zeo.conf`,
		runner: `transcript ${logs}/transcript.log\nstart-timeout 120\nuser ${os.userInfo().username}`,
	});
	const {pid} = await up();
	const worker = startCommand(t, [python, '-c', client, String(port)], {limitMs});
	const commits = (): number => Number(worker.stdout().trim().split('\n').at(-1) ?? 0);
	await waitFor('commits', () => commits() > 5);

	const made = await run(['generate', 'logrotate', '--to', at('made')]);
	t.is(made.exitCode, 0, made.stdout + made.stderr);
	const generated = readFileSync(at('made/logrotate.d/zeo-d'), 'utf8');
	t.regex(generated, /postrotate\n\t\tcd \S+ && [^&\n]* logreopen >\/dev\/null\n\tendscript\n/);
	// The transcript, which we would rotate ourselves, in the place of the log that is left alone.
	writeFileSync(
		at('rotate.conf'),
		generated
			.replace(`"${folder}/whole.log"`, `"${logs}/transcript.log"`)
			.replace('rotate 8\n', 'rotate 1000\n'),
		{mode: 0o644},
	);
	for (let round = 1; round <= rotations; round += 1) {
		await runFile(logrotate, ['--force', '--state', at('rotate.state'), at('rotate.conf')]);
		const seen = commits();
		await waitFor('further commits', () => commits() > seen + 3);
		await waitFor('a new log', () => existsSync(`${logs}/server.log`));
	}

	t.is((await status()).pid, pid);
	worker.kill('SIGKILL');
	await run(['stop'], {limitMs});
	const whole = readFileSync(at('whole.log'), 'utf8');
	t.log(`${rotations} rotations, ${commits()} commits, ${whole.split('\n').length - 1} lines`);
	t.true(existsSync(`${logs}/server.log.${rotations}.gz`));
	t.true(existsSync(`${logs}/transcript.log.${rotations}.gz`));
	t.is(firstDifference(inOrder(wholeLog(`${logs}/server.log`)), inOrder(whole)), undefined);
	// Python itself writes to its standard error when it ends.
	const records = recordsOf(wholeLog(`${logs}/transcript.log`));
	t.is(firstDifference(inOrder(records), inOrder(recordsOf(whole))), undefined);
});

/** Two threads of a server may reach its log files in different orders. */
const inOrder = (text: string): string => text.split('\n').toSorted().join('\n');
