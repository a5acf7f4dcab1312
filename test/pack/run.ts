import test from 'ava';
import type {PackRecord} from '../../src/history/pack-record.js';
import {
	notPacked,
	type PackRequest,
	type RunLock,
	type RunPorts,
	runPacks,
} from '../../src/pack/run.js';
import type {PackTarget} from '../../src/pack/target.js';

const target = (storage: string): PackTarget => ({
	...{storage, address: 'localhost:8100', margin: 10, files: undefined, readOnly: false},
	limit: {days: 7, timeOfDay: undefined},
});

const scene = (
	outcomes: Readonly<Record<string, PackRecord['outcome']>>,
	{
		lock = {result: 'locked', release: () => undefined},
		...more
	}: Partial<PackRequest> & {
		readonly lock?: RunLock;
		readonly onPack?: (storage: string) => void;
		readonly isFull?: (event: string) => boolean;
	} = {},
) => {
	const appended: string[] = [];
	const deeds: string[] = [];
	const ports: RunPorts = {
		now: () => 1000,
		process: {pid: 1, startTicks: 2, boot: 'b'},
		newRun: () => 'r1',
		lock: async () =>
			lock.result === 'locked' ? {...lock, release: () => void deeds.push('release')} : lock,
		inodes: () => ({}),
		append(record) {
			if (more.isFull?.(record.event)) return false;
			appended.push(record.event === 'pack' ? `${record.storage} ${record.outcome}` : record.event);
			return true;
		},
		settleBroken: async () => void deeds.push('settle'),
		async packStorage(each, {run}) {
			deeds.push(`pack ${each.storage}`);
			more.onPack?.(each.storage);
			const outcome = outcomes[each.storage] ?? 'packed';
			return notPacked(each, {run, now: 1000, outcome, reason: null, advice: null});
		},
	};
	const targets = Object.keys(outcomes).map(target);
	const request = {slot: null, by: 'me', signal: new AbortController().signal, ...more, targets};
	return {run: runPacks(request, ports), appended, deeds};
};

test('storages are packed one after another, and one that fails does not stop the next', async t => {
	const {run, appended, deeds} = scene({a: 'failed', b: 'packed'});
	t.like(await run, {result: 'done', run: 'r1'});
	t.deepEqual(deeds, ['settle', 'pack a', 'pack b', 'release']);
	t.deepEqual(appended, ['pack-begin', 'a failed', 'b packed', 'pack-end']);
});

test('while another run is under way everything is skipped, and recorded so', async t => {
	const {run, appended, deeds} = scene({a: 'packed'}, {lock: {result: 'held', by: 'process 5'}});
	const found = await run;
	t.is(found.result, 'busy');
	t.regex(found.result === 'busy' ? (found.records[0]?.reason ?? '') : '', /under way: process 5/);
	t.deepEqual(deeds, []);
	t.deepEqual(appended, ['pack-begin', 'a skipped', 'pack-end']);
});

test('a lock that cannot be tried is a failure', async t => {
	const {run, appended} = scene({a: 'packed'}, {lock: {result: 'unusable', reason: 'no flock'}});
	t.is((await run).result, 'done');
	t.deepEqual(appended, ['pack-begin', 'a failed', 'pack-end']);
});

test('a slot that another owner has begun leaves no trace, also while that one runs', async t => {
	for (const lock of [undefined, {result: 'held', by: 'x'} as const]) {
		const {run, appended} = scene({a: 'packed'}, {stillDue: () => false, ...(lock && {lock})});
		t.deepEqual(await run, {result: 'not-due'});
		t.deepEqual(appended, []);
	}
});

test('a run that is interrupted skips what it has not begun', async t => {
	const ending = new AbortController();
	const onPack = (): void => ending.abort('SIGTERM');
	const {run, appended} = scene({a: 'unknown', b: 'packed'}, {signal: ending.signal, onPack});
	t.is((await run).result, 'interrupted');
	t.deepEqual(appended, ['pack-begin', 'a unknown', 'b skipped', 'pack-end']);
});

test('without a history nothing is packed, and who reports is told all', async t => {
	const {run, appended, deeds} = scene({a: 'packed', b: 'packed'}, {isFull: () => true});
	const found = await run;
	if (found.result === 'not-due') return t.fail();
	t.deepEqual(deeds, ['settle', 'release']);
	t.deepEqual(appended, []);
	t.deepEqual(
		found.records.map(({outcome}) => outcome),
		['failed', 'failed'],
	);
	t.regex(found.records[0]?.reason ?? '', /^cannot write the history/);
	t.deepEqual(
		found.unwritten.map(({event}) => event),
		['pack-begin', 'pack', 'pack', 'pack-end'],
	);
});

test('a disk that is full after a pack does not hide what came of it', async t => {
	const {run, appended} = scene({a: 'packed'}, {isFull: event => event === 'pack'});
	const found = await run;
	t.deepEqual(appended, ['pack-begin', 'pack-end']);
	t.deepEqual(found.result === 'done' && found.unwritten.map(({event}) => event), ['pack']);
});
