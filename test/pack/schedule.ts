import test from 'ava';
import {openSchedule} from '../../src/pack/schedule.js';
import {inTimeZone} from '../helpers/time-zone.js';

const at = (text: string): number => Date.parse(text) / 1000;
const show = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

/** All slots between two days, once by walking forwards and once backwards. */
const slots = test.macro(
	(t, expression: string, zone: string | undefined, from: string, expected: readonly string[]) => {
		const schedule = openSchedule(expression, zone);
		const walk = (start: number, step: (time: number) => number): readonly number[] => {
			const found = [start];
			for (const _ of expected) found.push(step(found.at(-1) ?? start));
			return found.slice(1);
		};
		const forwards = walk(at(from), schedule.next);
		t.deepEqual(forwards.map(show), expected);
		const backwards = walk((forwards.at(-1) ?? 0) + 1, time => schedule.latest(time - 1));
		t.deepEqual(backwards.toReversed(), forwards);
	},
);

test(
	'a slot in the hour that is left out comes at the change: Paris',
	...[slots, '30 2 * * 0', 'Europe/Paris', '2026-03-20T00:00Z'],
	['2026-03-22T01:30', '2026-03-29T01:00', '2026-04-05T00:30'],
);
test(
	'a slot in the hour that comes twice is the first: Paris',
	...[slots, '30 2 * * 0', 'Europe/Paris', '2026-10-20T00:00Z'],
	['2026-10-25T00:30', '2026-11-01T01:30'],
);
test(
	'a slot in the hour that is left out comes at the change: New York',
	...[slots, '30 2 * * 0', 'America/New_York', '2026-03-03T00:00Z'],
	['2026-03-08T07:00', '2026-03-15T06:30'],
);
test(
	'a slot in the hour that comes twice is the first: New York',
	...[slots, '30 1 * * 0', 'America/New_York', '2026-10-28T00:00Z'],
	['2026-11-01T05:30', '2026-11-08T06:30'],
);
test(
	'a slot in the half hour that is left out comes at the change: Lord Howe',
	...[slots, '15 2 * * 0', 'Australia/Lord_Howe', '2026-09-28T00:00Z'],
	['2026-10-03T15:30', '2026-10-10T15:15'],
);
test(
	'a slot in the half hour that comes twice is the first: Lord Howe',
	...[slots, '45 1 * * 0', 'Australia/Lord_Howe', '2026-04-01T00:00Z'],
	['2026-04-04T14:45', '2026-04-11T15:15'],
);
test('a 29th of February is waited for', ...[slots, '0 0 29 2 *', 'UTC', '2096-03-01T00:00Z'], [
	'2104-02-29T00:00',
	'2108-02-29T00:00',
]);
test(
	'days of either kind count where both are named',
	...[slots, '0 12 1 * 1', 'UTC', '2026-05-30T00:00Z'],
	['2026-06-01T12:00', '2026-06-08T12:00', '2026-06-15T12:00'],
);
test('slots of one day come in order', ...[slots, '0,30 1,13 * * *', 'UTC', '2026-06-01T00:30Z'], [
	'2026-06-01T01:00',
	'2026-06-01T01:30',
	'2026-06-01T13:00',
	'2026-06-01T13:30',
]);

for (const zone of ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe']) {
	for (const expression of ['17 3 * * 0', '30 2 * * 0', '15 2 * * 0', '45 1 * * 0']) {
		test(`a year of ${expression} in ${zone} has 52 slots, a week apart`, t => {
			const schedule = openSchedule(expression, zone);
			const found: number[] = [];
			for (let time = schedule.next(at('2026-01-01T12:00Z')); time < at('2027-01-01T12:00Z'); ) {
				found.push(time);
				time = schedule.next(time);
			}
			t.is(found.length, 52);
			const gaps = found.slice(1).map((slot, index) => slot - (found[index] ?? 0));
			t.true(gaps.every(gap => Math.abs(gap - 7 * 86_400) <= 3600));
		});
	}
}

test.serial('the zone of the system is the same as by its name', t => {
	for (const zone of ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe']) {
		const named = openSchedule('30 2 * * *', zone);
		inTimeZone(zone, () => {
			const local = openSchedule('30 2 * * *', undefined);
			for (let time = at('2026-01-01T00:00Z'); time < at('2027-01-01T00:00Z'); time += 40_000)
				t.is(local.next(time), named.next(time));
		});
	}
});
