import {spawn} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import test, {type ExecutionContext} from 'ava';
import {identifyProcess, writeProgramRecord} from '../../src/program/program-record.js';
import {skip} from '../helpers/python.js';
import {makeStaleSocket} from '../helpers/stale-socket.js';
import {isAlive, nobody, type Supervised, supervised} from '../helpers/supervised.js';

/** An instance of root's in a folder that all may write to, where somebody has made its run-state folder before. */
const planted = (
	t: ExecutionContext,
): {readonly instance: Supervised; readonly runDirectory: string} | undefined => {
	if (process.geteuid?.() !== 0) {
		skip(t, 'only root can act as several users');
		return undefined;
	}
	const instance = supervised(t, {sections: '<environment>\n  SECRET hush\n</environment>\n'});
	chmodSync(instance.folder, 0o1777);
	const runDirectory = instance.at('.sock.d');
	mkdirSync(runDirectory, {mode: 0o755});
	chownSync(runDirectory, nobody.uid, nobody.gid);
	return {instance, runDirectory};
};

test('a run-state folder that another user has made is not used by a start', async t => {
	const place = planted(t);
	if (!place) return;
	const {instance, runDirectory} = place;
	writeFileSync(instance.at('victim'), 'precious');
	symlinkSync(instance.at('victim'), `${runDirectory}/pid.new`);
	writeFileSync(`${runDirectory}/loaded.new`, '', {mode: 0o644});
	for (const state of ['absent', 'stale'] as const) {
		if (state === 'stale') await makeStaleSocket(instance.socket);
		const {exitCode, stderr} = await instance.run(['start']);
		t.is(exitCode, 4, state);
		t.regex(
			stderr,
			/its run state, '.*\.sock\.d', belongs to nobody \(mode 755\), this is root\nnext: set socket-name /,
		);
	}
	t.is(readFileSync(instance.at('victim'), 'utf8'), 'precious');
	t.is(readFileSync(`${runDirectory}/loaded.new`, 'utf8'), '');
});

test('a forged record of a program is not believed by any command', async t => {
	const place = planted(t);
	if (!place) return;
	const {instance, runDirectory} = place;
	const bystander = spawn('sleep', ['600']);
	t.teardown(() => bystander.kill('SIGKILL'));
	const pid = bystander.pid ?? 0;
	const identity = identifyProcess(pid);
	if (identity === undefined) return t.fail();
	writeProgramRecord(runDirectory, {...identity, argv: ['sleep'], startedAt: 1, lock: '/x'});
	t.regex((await instance.run(['status'])).stdout, /not running/);
	t.is((await instance.run(['kill', 'KILL'])).exitCode, 1);
	t.is((await instance.run(['stop'])).stdout, 'daemon manager not running\n');
	t.true(isAlive(pid));
});
