import test from 'ava';
import {planTimedRotation} from '../../src/daemon/rotation-time.js';
import {askPython} from '../helpers/ask-python.js';
import {seededRandom} from '../helpers/seeded-random.js';
import {inTimeZone} from '../helpers/time-zone.js';

for (const zone of ['UTC', 'Asia/Kathmandu']) {
	test(`rotations in ${zone} are due, and old files named, as Python's`, t => {
		const random = seededRandom(zone.length);
		const cases = Array.from({length: 500}, () => {
			const when = random.pick(['S', 'M', 'H', 'D', 'midnight', 'W0', 'w3', 'W6']);
			const interval = when.length === 1 ? 1 + random.below(5) : 1;
			return [when, interval, 1_600_000_000 + random.below(300_000_000)] as const;
		});
		const expected = askPython(t, {
			script: 'rotation_time.py',
			input: cases,
			environment: {TZ: zone},
		});
		if (expected === undefined) return;
		const actual = inTimeZone(zone, () =>
			cases.map(([when, interval, instant]) => {
				const plan = planTimedRotation(when, interval);
				const due = plan.next(instant);
				return [due, plan.suffix(due, due)];
			}),
		);
		t.deepEqual(actual, expected);
	});
}

// 2026-10-25 03:00 CEST is 02:00 CET in Berlin.
test('a night with a change of the clock still ends at midnight', t => {
	inTimeZone('Europe/Berlin', () => {
		const plan = planTimedRotation('midnight', 1);
		const noonBefore = Date.UTC(2026, 9, 24, 10) / 1000;
		const midnight = plan.next(noonBefore);
		t.is(midnight, Date.UTC(2026, 9, 24, 22) / 1000);
		const nextMidnight = plan.next(midnight);
		t.is(nextMidnight, Date.UTC(2026, 9, 25, 23) / 1000);
		t.is(plan.suffix(nextMidnight, nextMidnight), '2026-10-25');
	});
});

test('two midnights are two nights', t => {
	inTimeZone('UTC', () => {
		t.is(planTimedRotation('MIDNIGHT', 2).next(3600), 2 * 86_400);
	});
});

test('an interval of zero is one', t => {
	t.is(planTimedRotation('H', 0).next(100), 3700);
});

test('only suffixes of the same kind are recognised', t => {
	const plan = planTimedRotation('H', 1);
	t.true(plan.isSuffix('2026-10-25_07'));
	t.true(plan.isSuffix('2026-10-25_07.1'));
	t.false(plan.isSuffix('2026-10-25'));
	t.false(plan.isSuffix('1'));
});

const isRefused = test.macro({
	exec(t, when: string, message: string) {
		t.throws(() => planTimedRotation(when, 1), {message});
	},
	title: (_, when) => `when ${when} is refused`,
});

test(isRefused, 'X', 'Invalid rollover interval specified: X');
test(isRefused, 'W', 'You must specify a day for weekly rollover from 0 to 6 (0 is Monday): W');
test(isRefused, 'W7', 'Invalid day specified for weekly rollover: W7');

test('a negative interval is refused', t => {
	t.throws(() => planTimedRotation('H', -1), {message: 'interval must be positive, not -1'});
});
