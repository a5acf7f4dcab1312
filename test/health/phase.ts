import test from 'ava';
import {type Evidence, type StorageEvidence, seePhase} from '../../src/health/phase.js';

const storage = (different: Partial<StorageEvidence> = {}): StorageEvidence => ({
	name: 'main',
	dataBytes: 1000,
	packBytes: null,
	hasIndex: true,
	readers: [],
	writer: {descriptor: 5, position: 0},
	hasPackOpen: false,
	...different,
});

const evidence = (
	different: Partial<Evidence> = {},
	...storages: readonly Partial<StorageEvidence>[]
): Evidence => ({
	isStarting: false,
	storages: (storages.length > 0 ? storages : [{}]).map(storage),
	packsInLog: 0,
	cpuTicks: 10,
	ioBytes: 1000,
	...different,
});

const at = (position: number, descriptor = 11) => ({descriptor, position});
const activities = (before: Evidence | undefined, now: Evidence) =>
	seePhase(before, now).activities;

test('a server that serves does nothing besides', t => {
	t.deepEqual(activities(undefined, evidence()), []);
	t.deepEqual(activities(evidence(), evidence({}, {writer: at(500)})), []);
});

test('a starting server without an index rebuilds it, and its position shows how far it is', t => {
	const now = evidence({isStarting: true}, {hasIndex: false, writer: at(439)});
	t.deepEqual(activities(undefined, now), [
		{activity: 'index', storage: 'main', step: 'rebuilding', percent: 43},
	]);
});

test('a starting server with an index reads what it lacks', t => {
	const now = evidence({isStarting: true}, {writer: at(999)});
	t.deepEqual(activities(undefined, now), [
		{activity: 'index', storage: 'main', step: 'reading what the index lacks', percent: 99},
	]);
});

test('a read-only storage is read through a descriptor for reading', t => {
	const now = evidence({isStarting: true}, {hasIndex: false, writer: null, readers: [at(100)]});
	t.is(activities(undefined, now)[0]?.percent, 10);
});

test('a starting server then reads the last transactions', t => {
	const now = evidence({isStarting: true}, {readers: [at(700)]});
	t.deepEqual(activities(undefined, now), [
		{activity: 'index', storage: 'main', step: 'reading the last transactions', percent: null},
	]);
	const both = evidence({isStarting: true}, {writer: at(999), readers: [at(700)]});
	t.is(activities(undefined, both)[0]?.percent, 99);
});

test('a starting server that has opened nothing yet shows nothing', t => {
	t.deepEqual(activities(undefined, evidence({isStarting: true}, {hasIndex: false})), []);
	t.deepEqual(activities(undefined, evidence({isStarting: true}, {dataBytes: null})), []);
});

test('without a sight of the descriptors a missing index and progress tell of a rebuild', t => {
	const hidden = {hasIndex: false, readers: null, writer: null, hasPackOpen: null};
	const before = evidence({isStarting: true}, hidden);
	const later = evidence({isStarting: true, ioBytes: 2000}, hidden);
	t.is(activities(before, later)[0]?.percent, null);
	t.deepEqual(activities(before, evidence({isStarting: true}, hidden)), []);
	t.deepEqual(
		activities(before, evidence({ioBytes: 2000, isStarting: true}, {...hidden, hasIndex: true})),
		[],
	);
});

test('a pack that copies is as far as it has read', t => {
	const now = evidence({}, {packBytes: 100, hasPackOpen: true, readers: [at(300)]});
	t.deepEqual(activities(undefined, now), [
		{activity: 'pack', storage: 'main', step: 'copying', percent: 30},
	]);
});

test('the descriptor of the pack is the one that moves, ahead of what it has written', t => {
	const before = evidence(
		{},
		{packBytes: 50, hasPackOpen: true, readers: [at(900, 6), at(200), at(40, 7)]},
	);
	const now = evidence(
		{},
		{packBytes: 100, hasPackOpen: true, readers: [at(900, 6), at(300), at(60, 7)]},
	);
	t.is(activities(before, now)[0]?.percent, 30);
});

test('a pack whose source cannot be told has no percentage', t => {
	const now = evidence({}, {packBytes: 100, hasPackOpen: true, readers: [at(20)]});
	t.is(activities(undefined, now)[0]?.percent, null);
});

test('a left-over .pack that the server does not have open is no pack', t => {
	const now = evidence({}, {packBytes: 100, hasPackOpen: false});
	t.deepEqual(activities(evidence({}, {packBytes: 100}), now), []);
});

test('without a sight of the descriptors a .pack that grows is a pack', t => {
	const hidden = {readers: null, writer: null, hasPackOpen: null};
	const before = evidence({}, {packBytes: 100, ...hidden});
	t.is(activities(before, evidence({}, {packBytes: 200, ...hidden}))[0]?.step, 'copying');
	t.deepEqual(activities(before, evidence({}, {packBytes: 100, ...hidden})), []);
});

test('a pack that the log tells of looks for what is in use while somebody reads', t => {
	const before = evidence({packsInLog: 1}, {readers: [at(300)]});
	const now = evidence({packsInLog: 1}, {readers: [at(100)]});
	t.deepEqual(activities(before, now), [
		{activity: 'pack', storage: 'main', step: 'finding what is in use', percent: null},
	]);
	t.deepEqual(activities(before, evidence({packsInLog: 1}, {readers: [at(300)]})), []);
	t.deepEqual(activities(before, evidence({packsInLog: 0}, {readers: [at(100)]})), []);
});

test('each storage is packed on its own', t => {
	const now = evidence(
		{},
		{name: 'a', packBytes: 1, hasPackOpen: true, readers: [at(500)]},
		{name: 'b'},
		{name: 'c', packBytes: 1, hasPackOpen: true, readers: [at(100)]},
	);
	t.deepEqual(
		activities(undefined, now).map(({storage, percent}) => [storage, percent]),
		[
			['a', 50],
			['c', 10],
		],
	);
});

for (const [what, before, now, expected] of [
	['the first look', undefined, {}, true],
	['bytes', {}, {ioBytes: 1001}, true],
	['processor time alone, where bytes are seen', {}, {cpuTicks: 99}, false],
	['processor time, where bytes are not', {ioBytes: null}, {ioBytes: null, cpuTicks: 11}, true],
	['nothing, where bytes are not seen', {ioBytes: null}, {ioBytes: null}, false],
	['nothing', {}, {}, false],
] as const) {
	test(`progress by ${what}: ${expected}`, t => {
		const earlier = before && evidence(before);
		t.is(seePhase(earlier, evidence(now)).isProgressing, expected);
	});
}
