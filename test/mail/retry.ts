import test from 'ava';
import {isDue, planRetry} from '../../src/mail/retry.js';

const at = 1_795_000_000;
const day = 86_400;

for (const [age, due] of [
	[0, 300],
	[120, 300],
	[300, 1800],
	[1800, 4 * 3600],
	[4 * 3600, 4 * 3600 + day],
	[3 * day, 4 * day],
] as const) {
	test(`a message that is ${age} seconds old is tried again when it is ${due} seconds old`, t => {
		t.deepEqual(planRetry({at, attempts: 3}, at + age), {due: at + due});
	});
}

test('after a week it is given up', t => {
	t.is(planRetry({at, attempts: 12}, at + 7 * day), 'give-up');
});

test('a clock that jumps ahead does not give anything up', t => {
	t.deepEqual(planRetry({at, attempts: 2}, at + 300 * day), {due: at + 301 * day});
});

test('a clock that was set back does not put anything off for ever', t => {
	const plan = planRetry({at, attempts: 2}, at - 300 * day);
	t.deepEqual(plan, {due: at + 300});
	t.true(isDue(at + 300, at - 300 * day));
});

test('what is due is due until it is tried', t => {
	t.true(isDue(at, at));
	t.true(isDue(at, at + day));
	t.false(isDue(at + day, at));
});
