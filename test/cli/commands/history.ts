import {chmodSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runDirectoryOf} from '../../../src/control/snapshot.js';
import {appendHistory, type HistoryRecord, historyFile} from '../../../src/history/history.js';
import {run} from '../../helpers/fake-system.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const start = (pid: number): HistoryRecord => ({at: pid, event: 'start', pid, supervisor: 1});

const withHistory = (t: ExecutionContext, count: number) => {
	const cwd = temporaryFolder(t);
	const directory = runDirectoryOf(path.join(cwd, 'zdsock'));
	mkdirSync(directory);
	for (let pid = 1; pid <= count; pid++) appendHistory(directory, start(pid));
	return {directory, show: (...words: readonly string[]) => run(['history', ...words], {cwd})};
};

test('the last hundred are shown without a supervisor', async t => {
	const {show} = withHistory(t, 120);
	const {code, stdout} = await show();
	t.is(code, 0);
	const lines = stdout.trimEnd().split('\n');
	t.is(lines.length, 100);
	t.true(lines[0]?.endsWith('pid 21 (supervisor 1)'));
	t.true(lines.at(-1)?.endsWith('pid 120 (supervisor 1)'));
});

test('-n says how many, in both spellings', async t => {
	const {show} = withHistory(t, 5);
	for (const words of [['-n', '2'], ['-n2']]) {
		t.deepEqual(JSON.parse((await show(...words, '--json')).stdout), {
			history: [start(4), start(5)],
		});
	}
});

for (const words of [['-n'], ['-n', '0'], ['-n', 'x'], ['all']]) {
	test(`"history ${words.join(' ')}" is refused`, async t => {
		const {show} = withHistory(t, 1);
		const {code, stderr} = await show(...words);
		t.is(code, 2);
		t.regex(stderr, /^Error: cannot show the history '/);
	});
}

test('nothing is a history, too', async t => {
	const {show} = withHistory(t, 0);
	t.deepEqual(await show(), {code: 0, stdout: 'nothing is recorded yet\n', stderr: ''});
	t.is((await show('--json')).stdout, '{"history":[]}\n');
});

test('a history that cannot be read is no empty one', async t => {
	const {directory, show} = withHistory(t, 0);
	mkdirSync(historyFile(directory));
	chmodSync(directory, 0o700);
	const {code, stderr} = await show();
	t.is(code, 4);
	t.regex(stderr, /^Error: cannot read the history in '[^']+': illegal operation on a directory\n/);
});
