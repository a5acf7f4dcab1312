import test from 'ava';
import {
	type BackoffDecision,
	type BackoffPolicy,
	decideBackoff,
} from '../../src/program/backoff.js';

const decide = test.macro<
	[policy: BackoffPolicy, previous: number, uptime: number, expected: BackoffDecision]
>((t, policy, previous, uptime, expected) => {
	t.deepEqual(decideBackoff(policy, previous, uptime), expected);
});

const ten = {limit: 10, forever: false};
test('a life of backoff-limit seconds clears the back-off', decide, ten, 4, 10, {
	decision: 'restart',
	backoff: 0,
});
test('the first quick end pauses one second', decide, ten, 0, 9.9, {
	decision: 'pause',
	backoff: 1,
	seconds: 1,
});
test('each quick end pauses one second longer', decide, ten, 4, 0, {
	decision: 'pause',
	backoff: 5,
	seconds: 5,
});
test('the quick end that reaches the limit gives up', decide, ten, 9, 0, {
	decision: 'give-up',
	backoff: 10,
});
test(
	'with forever the pause stops growing at the limit',
	decide,
	{limit: 10, forever: true},
	10,
	0,
	{
		decision: 'pause',
		backoff: 10,
		seconds: 10,
	},
);
test('a limit of 1 gives up at the first quick end', decide, {limit: 1, forever: false}, 0, 0.5, {
	decision: 'give-up',
	backoff: 1,
});
test('a limit of 0 pauses one second, for ever', decide, {limit: 0, forever: false}, 1, 0, {
	decision: 'pause',
	backoff: 1,
	seconds: 1,
});
