import test from 'ava';
import {fitLine, forecastFull} from '../../src/report/growth.js';

const day = 86_400;
const weekly = (...values: readonly number[]) =>
	values.map((value, index) => ({at: 1_795_000_000 + index * 7 * day, value}));

test('a disk that loses the same each week is full when that has used up what is left', t => {
	t.is(forecastFull(weekly(1000, 930, 860, 790, 720)), 72);
});

test('scattered values along a line are a line', t => {
	const line = fitLine(weekly(1000, 940, 850, 800, 710, 660));
	t.true(line !== undefined && line.fit > 0.95);
	t.true(line !== undefined && Math.abs(line.perDay + 9.9) < 0.3);
});

for (const [what, points] of [
	['nothing', []],
	['three packs', weekly(1000, 900, 800)],
	['four packs in four days', weekly(4, 3, 2, 1).map(({value}, at) => ({at: at * day, value}))],
	['a disk that gets emptier', weekly(700, 800, 900, 1000)],
	['a disk that stays as it is', weekly(700, 700, 700, 700)],
	['values without a trend', weekly(700, 100, 900, 200, 800, 150)],
	['an end beyond two years', weekly(100_000, 99_990, 99_980, 99_970)],
] as const) {
	test(`nothing is foretold from ${what}`, t => {
		t.is(forecastFull(points), undefined);
	});
}

test('a disk that is full now is full in no days', t => {
	t.is(forecastFull(weekly(300, 200, 100, 0)), 0);
});
