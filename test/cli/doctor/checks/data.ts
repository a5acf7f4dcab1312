import {existsSync, linkSync, renameSync, rmSync, symlinkSync} from 'node:fs';
import test from 'ava';
import {judgeDisk, judgeRoom} from '../../../../src/cli/doctor/checks/disk.js';
import {examination, repairs} from '../../../helpers/examined.js';
import {fakeSession, reached, type Scene} from '../../../helpers/fake-system.js';
import {withZodb} from '../../../helpers/file-storage.js';
import {begin} from '../../../helpers/guarded.js';
import {runningStatus} from '../../../helpers/statuses.js';
import {waitFor} from '../../../helpers/wait-for.js';

test('a database that is not there yet', async t => {
	const {levels} = examination(t);
	t.deepEqual(await levels('content'), ["ok: './Data.fs' is not there yet"]);
	t.deepEqual(await levels('index'), ["idle: './Data.fs' has no index yet"]);
});

test('a database that was deleted under its server is an error with the command that saves it', async t => {
	const scene: Scene = {};
	const {findings, write} = examination(t, {scene});
	const file = write('Data.fs', 'FS30');
	const server = begin(t, ['sh', '-c', 'exec 3<>"$0"; echo; exec sleep 600', file]);
	t.teardown(() => server.kill('SIGKILL'));
	await waitFor('the file to be open', () => existsSync(`/proc/${server.pid}/fd/3`));
	rmSync(file);
	Object.assign(scene, {contact: reached(fakeSession(runningStatus({pid: server.pid ?? null})))});
	for (const check of ['content', 'writers']) {
		const [finding, ...others] = await findings(check);
		t.is(finding?.level, 'error', check);
		t.regex(finding?.message ?? '', /Data\.fs' has been deleted, and lives only as long as/);
		t.is(finding?.command, 'zeoctl -C z.conf rescue main');
		t.deepEqual(others, []);
	}
});

test('a file that is no database', async t => {
	const {levels, write} = examination(t);
	write('Data.fs', 'PK\x03\x04 and more, and more');
	t.regex((await levels('content'))[0] ?? '', /^warning: .*does not begin like a database/);
});

test('a database of Python 2', async t => {
	const {levels, write} = examination(t);
	write('Data.fs', 'FS21');
	t.regex((await levels('content'))[0] ?? '', /^warning: .*Python 2/);
});

test('a database with two names', async t => {
	const {levels, write, at} = examination(t);
	linkSync(write('Data.fs', 'FS30'), at('other.fs'));
	t.regex((await levels('place')).join('\n'), /^error: .*has 2 names/m);
});

test('a database behind a symbolic link', async t => {
	const {levels, write, at} = examination(t);
	symlinkSync(write('real.fs', 'FS30'), at('Data.fs'));
	t.regex((await levels('place')).join('\n'), /^warning: .*is a symbolic link/m);
});

test("a database that 'create' would delete", async t => {
	const {levels, at, write} = examination(t, {
		server:
			'<zeo>\n  address 1\n</zeo>\n<filestorage main>\n  path {folder}/Data.fs\n  create on\n</filestorage>\n',
	});
	write('Data.fs', 'FS30');
	t.regex((await levels('create')).join(), /^warning: .*empties/);
	if (!(await withZodb(t, [{do: 'commit', path: at('Data.fs')}]))) return;
	t.regex((await levels('create')).join(), /^error: .*with all its data/);
});

test('a pack that was broken off between its renames is repaired by the command', async t => {
	const found = examination(t);
	const path = found.at('Data.fs');
	const commits = {do: 'commit', path, count: 5, at: 1_700_000_000};
	if (!(await withZodb(t, [commits, {do: 'kill-in-pack', path, at: 'after-1'}]))) return;
	await repairs(t, found, 'content', /^error: .*between its two renames/);
});

test('a database that is gone while its old one is there is an error', async t => {
	const {findings, at} = examination(t);
	const path = at('Data.fs');
	if (!(await withZodb(t, [{do: 'commit', path}]))) return;
	renameSync(path, `${path}.old`);
	const [finding] = await findings('content');
	t.is(finding?.level, 'error');
	t.regex(finding?.advice ?? '', /restore/);
});

test('an index that was not saved, and one that was', async t => {
	const {levels, at} = examination(t);
	const path = at('Data.fs');
	if (!(await withZodb(t, [{do: 'commit', path, count: 3}]))) return;
	t.regex((await levels('index')).join(), /^ok: /);
	rmSync(`${path}.index`);
	t.regex((await levels('index')).join(), /^warning: .*reads the whole file/);
});

test('a disk without room for a pack is an error, with what is missing', t => {
	const [finding] = judgeRoom({path: '/srv/Data.fs', needed: 3 * 1024 ** 3, free: 1024 ** 3});
	t.is(finding?.level, 'error');
	t.regex(finding?.advice ?? '', /^free 2\.0 GB there/);
	t.is(finding?.command, 'df -h /srv');
	t.is(judgeRoom({path: '/srv/Data.fs', needed: 5, free: 5})[0]?.level, 'ok');
});

test('free space and inodes below their floors', t => {
	const floors = {diskFloor: 1024 ** 3, inodeFloor: 5};
	const levels = (free: number, inodesPercent: number | undefined) =>
		judgeDisk({folder: '/srv', free, inodesPercent}, floors).map(({level}) => level);
	t.deepEqual(levels(2 * 1024 ** 3, 50), []);
	t.deepEqual(levels(2 * 1024 ** 3, undefined), []);
	t.deepEqual(levels(1024, 4), ['warning', 'warning']);
	t.deepEqual(levels(0, 0), ['error', 'error']);
});

test('a missing database whose lock somebody else holds is none that is not there yet', async t => {
	const {findings, write} = examination(t);
	const lock = write('Data.fs.zeoctl-lock', '');
	const holder = begin(t, ['flock', '--no-fork', lock, 'sleep', '600']);
	t.teardown(() => holder.kill('SIGKILL'));
	const [finding] = await waitFor('a holder', async () => {
		const found = await findings('content');
		return found.some(({level}) => level !== 'ok') ? found : undefined;
	});
	t.is(finding?.level, 'unknown');
	t.regex(finding?.message ?? '', new RegExp(`is missing, .* held by process ${holder.pid} `));
	t.is(finding?.command, 'zeoctl -C z.conf rescue');
});

test('a database that was deleted while another server has it is an error', async t => {
	const {findings, write} = examination(t);
	const [file, lock] = [write('Data.fs', 'FS30'), write('Data.fs.zeoctl-lock', '')];
	const script = 'exec 3<>"$1"; exec flock --no-fork "$0" sleep 600';
	const server = begin(t, ['sh', '-c', script, lock, file]);
	t.teardown(() => server.kill('SIGKILL'));
	await waitFor('the lock', async () => (await findings('lock-files'))[0]?.level === 'error');
	rmSync(file);
	for (const check of ['content', 'lock-files']) {
		const [finding, ...others] = await findings(check);
		t.is(finding?.level, 'error', check);
		t.regex(
			finding?.message ?? '',
			new RegExp(`Data\\.fs' has been deleted, .* only as long as process ${server.pid} `),
		);
		t.is(finding?.command, 'zeoctl -C z.conf rescue');
		t.deepEqual(others, []);
	}
});
