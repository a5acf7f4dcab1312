import test from 'ava';
import {decideDue, restAfter} from '../../src/transcript/rotation-due.js';

const limits = {maxSize: 1000, oldFiles: 7, totalSize: 20_000};
const calm = {growth: 100, ageSeconds: 10, isResting: false};

const decides = test.macro(
	(t, ...[given, look, expected]: [...Parameters<typeof decideDue>, unknown]) => {
		t.deepEqual(decideDue(given, look), expected);
	},
);

test('a short file stays', decides, limits, {...calm, size: 999}, {due: 'nothing'});
test('a full file is rotated', decides, limits, {...calm, size: 1000}, {due: 'rotate'});
test(
	'a full file waits for the end of a rest',
	decides,
	limits,
	{...calm, size: 1000, isResting: true},
	{due: 'wait'},
);
test(
	'an old file is rotated, however short',
	decides,
	{...limits, maxAge: 10},
	{...calm, size: 1},
	{due: 'rotate'},
);
test(
	'an empty file never grows old',
	decides,
	{...limits, maxAge: 10},
	{...calm, size: 0},
	{due: 'nothing'},
);
test(
	'a file that takes all the room there is keeps its newest half, even in a rest',
	decides,
	limits,
	{...calm, size: 20_001, isResting: true},
	{due: 'drop', keep: 10_000},
);
const large = {maxSize: 10e6, oldFiles: 7, totalSize: 200e6};
test(
	'a flood is not copied while it lasts',
	decides,
	large,
	{...calm, size: 90e6, growth: 50e6},
	{due: 'wait'},
);
test(
	'a flood that has taken half of the room is copied',
	decides,
	large,
	{...calm, size: 100e6, growth: 50e6},
	{due: 'rotate'},
);
test(
	'a flood that has filled many files is copied',
	decides,
	{...large, maxSize: 1e6},
	{...calm, size: 16e6, growth: 16e6},
	{due: 'rotate'},
);
test('what is left of a flood is copied', decides, large, {...calm, size: 90e6}, {due: 'rotate'});
test(
	'without old files a full one keeps its newest half',
	decides,
	{...limits, oldFiles: 0},
	{...calm, size: 1000},
	{due: 'drop', keep: 500},
);

test('the rest after a rotation lasts from one to ten seconds, two hundred times its cost', t => {
	t.is(restAfter(1), 1000);
	t.is(restAfter(20), 4000);
	t.is(restAfter(5000), 10_000);
});
