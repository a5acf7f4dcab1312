import test from 'ava';
import {
	type Comparison,
	comparePlan,
	digestOf,
	findSurplus,
} from '../../src/scaffold/compare-plan.js';

const verdict = test.macro(
	(
		t,
		scene: {present?: string; made?: string; planned: string},
		expected: Comparison['verdict'],
	) => {
		const {present, made, planned} = scene;
		const [comparison] = comparePlan([{path: 'a', mode: 0o644, content: planned}], {
			read: () => present,
			made: made === undefined ? {} : {a: digestOf(made)},
		});
		t.is(comparison?.verdict, expected);
	},
);

test('what is missing is made', verdict, {planned: 'new'}, 'create');
test('what was removed is made again', verdict, {planned: 'old', made: 'old'}, 'create');
test('what is as planned is left', verdict, {planned: 'x', present: 'x'}, 'none');
test(
	'what nobody touched is replaced',
	verdict,
	{planned: 'new', made: 'old', present: 'old'},
	'replace',
);
test(
	'what a person changed stays while the plan is the same',
	verdict,
	{planned: 'old', made: 'old', present: 'mine'},
	'none',
);
test(
	'what both changed is a conflict',
	verdict,
	{planned: 'new', made: 'old', present: 'mine'},
	'conflict',
);
test(
	'what was not made by us is a conflict',
	verdict,
	{planned: 'new', present: 'mine'},
	'conflict',
);

test('what is planned no more goes, unless a person has changed it', t => {
	const made = {a: digestOf('a'), b: digestOf('b'), c: digestOf('c'), d: digestOf('d')};
	const present: Readonly<Record<string, string>> = {a: 'a', b: 'b', c: 'mine'};
	const surplus = findSurplus({made, planned: {a: 'x'}, read: file => present[file]});
	t.deepEqual(surplus, {removed: ['b'], kept: ['c']});
});
