import test from 'ava';
import type {PackMeasure} from '../../src/history/pack-record.js';
import {judgeAfter, objectTo, packTime, planRoom} from '../../src/pack/policy.js';
import {inTimeZone} from '../helpers/time-zone.js';

test('days are counted back from now', t => {
	t.is(packTime({days: 7, timeOfDay: undefined}, 1_795_409_061.5), 1_795_409_061.5 - 604_800);
});

test('a time of day is that of today where the machine is', t => {
	const noon = Date.UTC(2026, 10, 23, 12) / 1000;
	const at = (zone: string) =>
		inTimeZone(zone, () => packTime({days: 1, timeOfDay: 3 * 3600}, noon));
	t.is(at('UTC'), Date.UTC(2026, 10, 22, 3) / 1000);
	t.is(at('America/New_York'), Date.UTC(2026, 10, 22, 8) / 1000);
});

const facts = {data: 1000, old: 0, leftover: 0, free: 5000, path: '/srv/Data.fs', blobs: undefined};

test('a full copy and its margin are needed, less what the server deletes first', t => {
	t.deepEqual(planRoom(facts, 10), [{path: '/srv/Data.fs', needed: 1100, free: 5000}]);
	t.is(planRoom({...facts, old: 300, leftover: 100}, 10)[0]?.needed, 700);
	t.is(planRoom({...facts, old: 3000}, 10)[0]?.needed, 0);
});

test('blobs that are copied need room where they are', t => {
	const blobs = {bytes: 2000, free: 100, path: '/blobs', sameDisk: false};
	t.deepEqual(planRoom({...facts, blobs}, 10), [
		{path: '/srv/Data.fs', needed: 1100, free: 5000},
		{path: '/blobs', needed: 2200, free: 100},
	]);
	t.deepEqual(planRoom({...facts, blobs: {...blobs, sameDisk: true}}, 10), [
		{path: '/srv/Data.fs', needed: 3300, free: 5000},
	]);
});

const nothing = {
	target: {readOnly: false, files: undefined},
	rooms: [],
	packer: undefined,
	backup: undefined,
};
const reasonOf = (more: Partial<Parameters<typeof objectTo>[0]>) =>
	objectTo({...nothing, ...more}, bytes => `${bytes} B`)?.reason;

test('nothing is against a pack of a quiet storage with room', t => {
	t.is(reasonOf({rooms: [{path: '/srv', needed: 10, free: 10}]}), undefined);
});

test('what is against a pack is told', t => {
	t.regex(reasonOf({target: {readOnly: true, files: undefined}}) ?? '', /for reading only/);
	t.is(reasonOf({packer: 'process 1'}), 'it is being packed: process 1');
	t.is(reasonOf({backup: 'process 2: repozo'}), 'a backup may be under way: process 2: repozo');
	t.is(
		reasonOf({rooms: [{path: '/srv', needed: 11, free: 10}]}),
		'the disk of /srv is too small: 10 B free, a full copy may need 11 B',
	);
});

const measured = (size: number | null, objects: number | null): PackMeasure => ({
	size,
	objects,
	lastTransaction: null,
	blobs: null,
	old: null,
	freeDisk: null,
});

test('a data file that was replaced was packed, another one held nothing to drop', t => {
	t.is(judgeAfter(measured(9, 9), measured(9, 9), true), 'packed');
	t.is(judgeAfter(measured(9, 9), measured(8, 8), false), 'nothing-to-drop');
});

test('of a server elsewhere the size and the objects tell', t => {
	t.is(judgeAfter(measured(9, 9), measured(8, 9), undefined), 'packed');
	t.is(judgeAfter(measured(9, 9), measured(12, 8), undefined), 'packed');
	t.is(judgeAfter(measured(9, 9), measured(9, 9), undefined), 'nothing-to-drop');
	t.is(judgeAfter(measured(null, null), measured(1, 1), undefined), 'nothing-to-drop');
});
