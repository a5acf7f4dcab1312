import {spawn} from 'node:child_process';
import {chmodSync, chownSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {
	findRecordedProgram,
	identifyProcess,
	isAlive,
	isPidStillIts,
	isUnrecorded,
	type ProgramRecord,
	readProgramRecord,
	recordNoProgram,
	removeProgramRecord,
	writeProgramRecord,
} from '../../src/program/program-record.js';
import {skip} from '../helpers/python.js';
import {nobody} from '../helpers/supervised.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const recordOf = (pid: number): ProgramRecord => {
	const identity = identifyProcess(pid);
	if (identity === undefined) throw new Error(`no process ${pid}`);
	return {...identity, argv: ['sleep', '100'], startedAt: 1, lock: '/x/lock'};
};

test('a record is read as it was written, private, and nothing else stays in the folder', t => {
	const folder = temporaryFolder(t);
	const record = recordOf(process.pid);
	writeProgramRecord(folder, record);
	t.deepEqual(readProgramRecord(folder), record);
	t.deepEqual(readdirSync(folder), ['program']);
	t.is(statSync(path.join(folder, 'program')).mode & 0o777, 0o600);
	t.deepEqual(findRecordedProgram(folder), record);
	recordNoProgram(folder);
	t.is(readProgramRecord(folder), 'none');
	t.is(findRecordedProgram(folder), undefined);
	removeProgramRecord(folder);
	removeProgramRecord(folder);
	t.is(readProgramRecord(folder), 'unknown');
});

test('a record that is torn, empty or of another kind is unknown', t => {
	const folder = temporaryFolder(t);
	const whole = JSON.stringify(recordOf(process.pid));
	for (const text of ['', '{}', '[]', whole.slice(0, -9), whole.replace(/"pid":\d+/, '"pid":1')]) {
		writeFileSync(path.join(folder, 'program'), text);
		t.is(readProgramRecord(folder), 'unknown', text);
	}
});

const differs = test.macro((t, different: Partial<ProgramRecord>) => {
	const record = recordOf(process.pid);
	t.true(isAlive(record));
	t.true(isPidStillIts(record));
	t.false(isAlive({...record, ...different}));
	t.false(isPidStillIts({...record, ...different}));
});

test('a pid that another process has got is not the program', differs, {startTicks: 12_345});
test('a pid of another boot is not the program', differs, {bootId: 'another'});
test('a pid of another container is not the program', differs, {pidNamespace: 'pid:[1]'});

test('a program that has ended is not alive, also before anybody has reaped it', async t => {
	const child = spawn('sh', ['-c', 'sleep 0.05 & exec sleep 100'], {stdio: 'ignore'});
	const record = recordOf(child.pid ?? 0);
	t.true(isAlive(record));
	const ended = new Promise(resolve => child.once('exit', resolve));
	child.kill('SIGKILL');
	await ended;
	t.false(isAlive(record));
});

test('a record in a folder that others may write to is not believed', t => {
	const folder = temporaryFolder(t);
	writeProgramRecord(folder, recordOf(process.pid));
	chmodSync(folder, 0o1777);
	t.is(findRecordedProgram(folder), undefined);
	chmodSync(folder, 0o755);
	t.is(findRecordedProgram(folder)?.pid, process.pid);
});

test('a record in the folder of another user is believed of his own processes only', t => {
	if (process.geteuid?.() !== 0) return skip(t, 'only root can act as several users');
	const folder = temporaryFolder(t);
	chownSync(folder, nobody.uid, nobody.gid);
	writeProgramRecord(folder, recordOf(process.pid));
	t.is(findRecordedProgram(folder), undefined);
	const his = spawn('sleep', ['600'], {...nobody, cwd: '/'});
	t.teardown(() => his.kill('SIGKILL'));
	writeProgramRecord(folder, recordOf(his.pid ?? 0));
	t.is(findRecordedProgram(folder)?.pid, his.pid);
});

test('a running program is unrecorded where there is no record, or that of another one', t => {
	const folder = temporaryFolder(t);
	const child = spawn('sleep', ['600']);
	t.teardown(() => child.kill('SIGKILL'));
	t.true(isUnrecorded(folder, process.pid));
	writeProgramRecord(folder, recordOf(process.pid));
	t.false(isUnrecorded(folder, process.pid));
	t.true(isUnrecorded(folder, child.pid ?? 0));
	t.false(isUnrecorded(folder, 4_194_305), 'it has ended, and its record with it');
	t.false(isUnrecorded(path.join(folder, 'program'), process.pid), 'that cannot be seen');
});
