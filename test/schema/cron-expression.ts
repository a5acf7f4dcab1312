import test from 'ava';
import {parseCronExpression, timeZoneName} from '../../src/schema/cron-expression.js';

const surroundings = {isDirectory: () => true, exists: () => true, homeOf: () => undefined};

test('numbers, names, lists, ranges and steps are read', t => {
	const cron = parseCronExpression('*/20 1-3,5 1,15 jan-mar,Dec sun,3-5/2');
	t.deepEqual(cron, {
		minutes: [0, 20, 40],
		hours: [1, 2, 3, 5],
		daysOfMonth: [1, 15],
		months: [1, 2, 3, 12],
		weekdays: [0, 3, 5],
		eitherDay: true,
	});
});

test('7 is Sunday, and a number with a step counts on to the end', t => {
	t.deepEqual(parseCronExpression('0 0 * * 7').weekdays, [0]);
	t.deepEqual(parseCronExpression('0 0 * * 5-7').weekdays, [0, 5, 6]);
	t.deepEqual(parseCronExpression('50/3 0 * * *').minutes, [50, 53, 56, 59]);
});

test('days of both kinds are alternatives only where both are restricted', t => {
	t.true(parseCronExpression('0 0 1 * 1').eitherDay);
	t.false(parseCronExpression('0 0 * * 1').eitherDay);
	t.false(parseCronExpression('0 0 1 * *').eitherDay);
});

const refused = test.macro((t, text: string, reason: RegExp) => {
	t.throws(() => parseCronExpression(text), {name: 'ConversionError', message: reason});
});

test('too few fields are refused', refused, '17 3 * *', /five fields are needed: minute, hour/);
test('seconds are refused', refused, '0 17 3 * * 0', /five fields are needed/);
test('nothing is refused', refused, '', /five fields/);
test('a shorthand is refused', refused, '@weekly', /five fields/);
test('a minute too many is refused', refused, '60 3 * * 0', /minute must be 0 to 59.*found '60'/);
test('a range backwards is refused', refused, '0 5-3 * * 0', /hour must be 0 to 23.*'5-3'/);
test('a step of none is refused', refused, '*/0 3 * * 0', /minute must be.*'\*\/0'/);
test('an unknown day is refused', refused, '0 3 * * son', /or sun to sat.*'son'/);
test('a day that no month has is refused', refused, '0 3 31 2,4 *', /no such day in any year/);

test('a time zone is one that the machine knows', t => {
	t.is(timeZoneName('Australia/Lord_Howe', surroundings), 'Australia/Lord_Howe');
	t.throws(() => timeZoneName('Europe/Pariss', surroundings), {
		message: "not a known time zone such as 'Europe/Paris' or 'UTC': 'Europe/Pariss'",
	});
});
