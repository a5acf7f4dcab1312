import {
	closeSync,
	ftruncateSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../../src/cli/main.js';
import {runDirectoryOf} from '../../../src/control/snapshot.js';
import {readHistory} from '../../../src/history/history.js';
import type {ServerSettings, StorageSettings} from '../../../src/settings/settings.js';
import {fakeSession, fakeSystem, reached, type Scene} from '../../helpers/fake-system.js';
import {runningStatus} from '../../helpers/statuses.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';
import {dataFileOf} from '../../helpers/transactions.js';

const serverOf = (storages: readonly StorageSettings[]): ServerSettings => ({
	confPath: undefined,
	zeo: {
		address: {family: 'inet', host: '127.0.0.1', port: 1},
		readOnly: false,
		transactionTimeout: undefined,
		pidFilename: undefined,
		tls: undefined,
	},
	storages,
	hasEventLog: false,
});

/** An instance whose server is this very process, which has `Data.fs` open. */
const scene = (t: ExecutionContext, more: Partial<StorageSettings> = {}) => {
	const folder = temporaryFolder(t);
	const data = path.join(folder, 'Data.fs');
	const content = dataFileOf(5).bytes;
	writeFileSync(data, content);
	const fd = openSync(data, 'r+');
	t.teardown(() => closeSync(fd));
	const storage: StorageSettings = {
		name: 'main',
		type: 'filestorage',
		path: data,
		blobDirectory: undefined,
		readOnly: false,
		create: false,
		...more,
	};
	const start = (words: readonly string[], different: Scene = {}) => {
		const system = fakeSystem(['-p', 'sleep 100', 'rescue', ...words], {
			cwd: folder,
			contact: reached(fakeSession(runningStatus({pid: process.pid}))),
			resolveServer: () => serverOf([storage]),
			environment: {USER: 'zope'},
			...different,
		});
		return {system, ended: main(system).then(code => ({code, ...system.written}))};
	};
	return {
		folder,
		data,
		content,
		fd,
		start,
		run: (...words: readonly string[]) => start(words).ended,
		copies: () => readdirSync(folder).filter(name => name.includes('rescued')),
	};
};

test.serial('a deleted database is copied out, and the next commands are told', async t => {
	const {folder, data, content, run, copies} = scene(t);
	unlinkSync(data);
	const {code, stdout, stderr} = await run();
	t.is(code, 0, stderr);
	const [copy = ''] = copies();
	t.regex(copy, /^Data\.fs\.rescued-\d{8}-\d{6}$/);
	t.true(readFileSync(path.join(folder, copy)).equals(content));
	t.regex(stdout, /Data\.fs' has been deleted/);
	t.regex(stdout, /5 transactions, all checked/);
	t.notRegex(stdout, /accept-database/);
	const steps = [
		'rescue main',
		'stop --give-up-deleted',
		`mv -n ${path.join(folder, copy)} ${data}`,
		'start',
	];
	let place = 0;
	for (const step of steps) {
		place = stdout.indexOf(step, place + 1);
		t.true(place > 0, step);
	}
	const [decision] = readHistory(runDirectoryOf(path.join(folder, 'zdsock')));
	t.like(decision, {event: 'decision', decision: 'rescue', subject: 'main', by: 'zope'});
});

test.serial('json tells all that, and a second copy is another file', async t => {
	const {folder, data, run} = scene(t);
	unlinkSync(data);
	t.is((await run('--to', 'first')).code, 0);
	const {code, stdout} = await run('main', '--to=second', '--json');
	t.is(code, 0);
	const {outcome, files} = JSON.parse(stdout);
	t.is(outcome, 'rescued');
	t.like(files[0], {
		storage: 'main',
		path: data,
		state: 'lost',
		replaced: false,
		target: path.join(folder, 'second'),
		transactions: 5,
		leftOut: 0,
		damagedAt: null,
		blobs: 'none',
	});
	t.deepEqual(readdirSync(folder).sort(), ['.zdsock.d', 'first', 'second']);
});

test.serial(
	'of a database without a transaction the empty copy is accepted before the start',
	async t => {
		const {data, fd, run} = scene(t);
		ftruncateSync(fd, 4);
		unlinkSync(data);
		const {code, stdout, stderr} = await run();
		t.is(code, 0, stderr);
		t.regex(stdout, /mv -n .* accept-database main\n.* start\n$/s);
	},
);

test.serial('what is where it should be need not be rescued', async t => {
	const {run, copies} = scene(t);
	const {code, stdout} = await run();
	t.is(code, 0);
	t.regex(stdout, /^nothing to rescue: /);
	t.deepEqual(JSON.parse((await run('--json')).stdout), {
		action: 'rescue',
		outcome: 'nothing-to-rescue',
		files: [],
	});
	t.deepEqual(copies(), []);
});

test.serial('a file that was renamed is put back by its name', async t => {
	const {folder, data, run} = scene(t);
	renameSync(data, path.join(folder, 'away'));
	writeFileSync(data, 'FS30');
	const {stdout, code} = await run('--to', 'copy');
	t.is(code, 0);
	t.true(stdout.includes(`mv -n ${data} ${data}.other`));
	t.true(stdout.includes(`mv -n ${path.join(folder, 'away')} ${data}`));
	t.notRegex(stdout, / stop\b/);
});

test.serial('the names of the database are refused as a target', async t => {
	const {data, folder, run} = scene(t);
	unlinkSync(data);
	for (const name of ['Data.fs', 'Data.fs.index', './Data.fs.old', data]) {
		const {code, stderr} = await run('--to', name);
		t.is(code, 2, name);
		t.regex(stderr, /belongs to storage 'main'/);
	}
	t.deepEqual(readdirSync(folder), []);
});

test.serial('a name that is taken, and a folder that is missing, are refused', async t => {
	const {data, folder, run} = scene(t);
	unlinkSync(data);
	mkdirSync(path.join(folder, 'taken'));
	t.like(await run('--to', 'taken'), {
		code: 1,
		stderr: `Error: cannot rescue to '${folder}/taken': it exists, and nothing is overwritten\nnext: choose another name with --to\n`,
	});
	const {code, stderr} = await run('--to', 'none/copy');
	t.is(code, 1);
	t.regex(stderr, /there is no such folder/);
});

test.serial('a blob folder that is gone is told', async t => {
	const {data, run} = scene(t, {blobDirectory: '/nowhere/blobs'});
	unlinkSync(data);
	const {stdout} = await run();
	t.regex(stdout, /the blob folder \/nowhere\/blobs is gone: .* cannot be rescued/);
	t.regex(stdout, /restore the blob folder/);
});

test.serial('damage is copied, told, and a failure', async t => {
	const {data, fd, run} = scene(t);
	ftruncateSync(fd, 5000);
	unlinkSync(data);
	const {code, stdout} = await run();
	t.is(code, 1);
	t.regex(stdout, /DAMAGED: from byte \d+ on/);
});

test.serial('a terminal sees how far it is', async t => {
	const {data, start} = scene(t);
	unlinkSync(data);
	const {ended} = start(['--to', 'copy'], {terminal: true});
	const {stderr} = await ended;
	t.regex(stderr, /copying 100 % of/);
	t.true(stderr.endsWith('\r\u001b[K'));
});

test.serial('Ctrl-C leaves nothing behind', async t => {
	const {data, fd, folder, start} = scene(t);
	ftruncateSync(fd, 400 * 1024 * 1024);
	unlinkSync(data);
	const {system, ended} = start(['--to', 'copy']);
	while (!readdirSync(folder).some(name => name.endsWith('.part')))
		await new Promise(resolve => setImmediate(resolve));
	system.interrupt();
	t.like(await ended, {
		code: 1,
		stderr: 'Error: cannot rescue: it was interrupted, and nothing was left behind\n',
	});
	t.deepEqual(readdirSync(folder), []);
});

test.serial('without a server there is nothing that could be rescued', async t => {
	const {data, start} = scene(t);
	unlinkSync(data);
	const elsewhere = {
		contact: {contact: 'absent'} as const,
		resolveServer: () => serverOf([{...storageAt('/nowhere/Data.fs')}]),
	};
	const {code, stderr} = await start([], elsewhere).ended;
	t.is(code, 1);
	t.regex(stderr, /^Error: cannot rescue: no process is seen that has the database open/);
});

test.serial('a database in its place that nobody has open needs no rescue', async t => {
	const {folder, start} = scene(t);
	const other = path.join(folder, 'other.fs');
	writeFileSync(other, 'FS30');
	const {code, stdout, stderr} = await start([], {
		contact: {contact: 'absent'} as const,
		resolveServer: () => serverOf([storageAt(other)]),
	}).ended;
	t.is(code, 0, stderr);
	t.is(stdout, `nothing to rescue: ${other} is there, and no process is seen that has it open\n`);
});

test.serial('a server that nobody has recorded is found by what it has open', async t => {
	const {data, start} = scene(t);
	unlinkSync(data);
	const {stdout, code} = await start(['--to', 'copy'], {contact: {contact: 'absent'}}).ended;
	t.is(code, 0);
	t.true(stdout.includes(`kill ${process.pid}`));
});

const storageAt = (file: string): StorageSettings => ({
	name: 'main',
	type: 'filestorage',
	path: file,
	blobDirectory: undefined,
	readOnly: false,
	create: false,
});

for (const [words, problem] of [
	[['--to'], /--to needs the name of a file/],
	[['--force'], /no option '--force'/],
	[['a', 'b'], /several storages/],
	[['other'], /no such storage, only main/],
] as const) {
	test.serial(`"rescue ${words.join(' ')}" is refused`, async t => {
		const {run} = scene(t);
		const {code, stderr} = await run(...words);
		t.is(code, 2);
		t.regex(stderr, problem);
	});
}
