import test from 'ava';
import {findResourceAlarms} from '../../src/health/resource-alarms.js';

const floors = {diskFloor: 1024 ** 3, inodeFloor: 5};
const room = {path: '/srv/Data.fs', freeBytes: 2 * 1024 ** 3, freeInodesPercent: 50};

const textsOf = (about: Partial<Parameters<typeof findResourceAlarms>[0]>) =>
	findResourceAlarms({rooms: [], descriptors: undefined, ...about}, floors).map(
		({alarm, text}) => `${alarm}: ${text}`,
	);

test('enough of everything is no alarm', t => {
	t.deepEqual(textsOf({rooms: [room], descriptors: {open: 921, limit: 1024}}), []);
	t.deepEqual(textsOf({rooms: [{...room, freeInodesPercent: null}]}), []);
	t.deepEqual(textsOf({rooms: [{...room, freeBytes: floors.diskFloor, freeInodesPercent: 5}]}), []);
});

test('a disk below the floor is an alarm, in round figures', t => {
	t.deepEqual(textsOf({rooms: [{...room, freeBytes: 1024 ** 3 - 1}]}), [
		'disk: only 1000 MB are free for /srv/Data.fs',
	]);
	t.deepEqual(textsOf({rooms: [{...room, freeBytes: 1024 ** 2 * 7.9}]}), [
		'disk: only 7 MB are free for /srv/Data.fs',
	]);
});

test('inodes below the floor are an alarm', t => {
	t.deepEqual(textsOf({rooms: [{...room, freeInodesPercent: 4}]}), [
		'inodes: only 4 % of the inodes are free for /srv/Data.fs',
	]);
});

test('nine tenths of the descriptors are an alarm', t => {
	t.deepEqual(textsOf({descriptors: {open: 922, limit: 1024}}), [
		'descriptors: the server has 922 of at most 1024 files and connections open',
	]);
});
