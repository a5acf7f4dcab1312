import {renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Verdict, watchConfiguration} from '../../src/daemon/config-watch.js';
import {digestOf} from '../../src/platform/digest.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';
import {waitFor} from '../helpers/wait-for.js';

const text = 'stop-timeout 10\n';

const watchOne = (t: ExecutionContext, verdict: () => Verdict) => {
	const file = path.join(temporaryFolder(t), 'z.conf');
	writeFileSync(file, text);
	const told: string[] = [];
	let checks = 0;
	const watch = watchConfiguration({
		sources: [{file, digest: digestOf(Buffer.from(text)), part: 'own'}],
		async check() {
			checks += 1;
			return verdict();
		},
		onChange: ({state, problem}) => told.push(problem ?? state),
		settleMs: 50,
	});
	t.teardown(watch.close);
	const becomes = async (state: string): Promise<void> => {
		t.true(await waitFor(state, () => told.at(-1) === state));
	};
	return {file, told, becomes, checks: () => checks};
};

const fine = (): Verdict => ({problem: null, files: []});

test('a file that is written, replaced, removed and put back', async t => {
	const {file, becomes} = watchOne(t, fine);
	writeFileSync(file, 'stop-timeout 20\n');
	await becomes('changed');
	writeFileSync(`${file}.new`, text);
	renameSync(`${file}.new`, file);
	await becomes('loaded');
	rmSync(file);
	await becomes('changed');
	writeFileSync(file, text);
	await becomes('loaded');
	writeFileSync(file, 'stop-timeout 30\n');
	await becomes('changed');
});

test('a mistake is told, and that it has been corrected', async t => {
	let problem: string | null = 'z.conf:1: no';
	const {file, becomes} = watchOne(t, () => ({problem, files: []}));
	writeFileSync(file, 'nonsense\n');
	await becomes('z.conf:1: no');
	problem = null;
	writeFileSync(file, 'stop-timeout 20\n');
	await becomes('changed');
});

test('a file that is new in the configuration is watched, too', async t => {
	let problem: string | null = null;
	let files: readonly string[] = [];
	const {file, becomes} = watchOne(t, () => ({problem, files}));
	const include = path.join(path.dirname(file), 'more.conf');
	writeFileSync(include, '');
	files = [file, include];
	writeFileSync(file, '%include more.conf\n');
	await becomes('changed');
	problem = 'more.conf:1: no';
	writeFileSync(include, 'nonsense\n');
	await becomes('more.conf:1: no');
});

test('an include that takes the place of another one is watched, too', async t => {
	let problem: string | null = null;
	let files: readonly string[] = [];
	const {file, becomes} = watchOne(t, () => ({problem, files}));
	const [one = '', other = ''] = ['one.conf', 'other.conf'].map(name =>
		path.join(path.dirname(file), name),
	);
	for (const include of [one, other]) writeFileSync(include, '');
	files = [file, one];
	writeFileSync(file, '%include one.conf\n');
	await becomes('changed');
	problem = 'other';
	files = [file, other];
	writeFileSync(file, '%include other.conf\n');
	await becomes('other');
	problem = 'other.conf:1: no';
	writeFileSync(other, 'nonsense\n');
	await becomes('other.conf:1: no');
});

test('other files of the folder, and a conf that is touched, are no reason to look', async t => {
	const {file, told, becomes, checks} = watchOne(t, fine);
	writeFileSync(path.join(path.dirname(file), 'Data.fs'), 'x');
	writeFileSync(file, text);
	writeFileSync(file, 'stop-timeout 20\n');
	await becomes('changed');
	t.deepEqual(told, ['changed']);
	t.is(checks(), 1);
});

test('a check that cannot be made leaves the change told', async t => {
	const {file, becomes} = watchOne(t, () => {
		throw new Error('no zeoctl');
	});
	writeFileSync(file, 'stop-timeout 20\n');
	await becomes('changed');
});
