import test from 'ava';
import {formatTime} from '../../src/platform/strftime.js';
import {createZoneAbbreviation} from '../../src/platform/time-zone.js';
import {askPython} from '../helpers/ask-python.js';
import {type SeededRandom, seededRandom} from '../helpers/seeded-random.js';
import {inTimeZone} from '../helpers/time-zone.js';

// A Tuesday, 2023-11-14 22:13:20 UTC.
const tuesday = 1_700_000_000;

const writes = test.macro({
	exec(t, format: string, expected: string, seconds: number = tuesday) {
		const text = inTimeZone('UTC', () => formatTime(format, seconds, () => 'UTC'));
		t.is(text, expected);
	},
	title: (_, format, expected) => `${format} writes ${JSON.stringify(expected)}`,
});

test(writes, '%Y-%m-%dT%H:%M:%S', '2023-11-14T22:13:20');
test(writes, '%a %b %e %T %Y', 'Tue Nov 14 22:13:20 2023');
test(writes, '%A, %-d. %B %y', 'Tuesday, 14. November 23');
test(writes, '%I:%M %p|%l %P', '10:13 PM|10 pm');
test(writes, '%G-W%V-%u', '2023-W46-2');
test(writes, '%j %U %W %w', '318 46 46 2');
test(writes, '%z %Z %s', '+0000 UTC 1700000000');
test(writes, '%^a %_m %5d %%', 'TUE 11 00014 %');
test(writes, '%Q %', '%Q %');
test(writes, '%99999999d', '%99999999d');

test('fractions of a second are cut off', t => {
	t.is(
		inTimeZone('UTC', () => formatTime('%S', tuesday + 0.999, () => '')),
		'20',
	);
});

const zones: readonly [string, ...string[]] = [
	'UTC',
	'Europe/Berlin',
	'Europe/Dublin',
	'America/New_York',
	'America/Sao_Paulo',
	'America/St_Johns',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'Pacific/Apia',
];

for (const [index, zone] of zones.entries()) {
	test(`dates in ${zone} read as Python's`, t => {
		const random = seededRandom(index);
		const cases = Array.from(
			{length: 1000},
			() => [randomFormat(random), instant(random)] as const,
		);
		const expected = askPython(t, {
			script: 'strftime.py',
			input: cases,
			environment: {TZ: zone, LC_ALL: 'C.UTF-8'},
		});
		if (expected === undefined) return;
		const actual = inTimeZone(zone, () => {
			const abbreviation = createZoneAbbreviation(zone);
			return cases.map(([format, seconds]) => formatTime(format, seconds, abbreviation));
		});
		t.deepEqual(
			actual.map((text, at) => [...(cases[at] ?? []), text]),
			cases.map((one, at) => [...one, Array.isArray(expected) ? expected[at] : undefined]),
		);
	});
}

const randomFormat = (random: SeededRandom): string =>
	Array.from({length: 1 + random.below(3)}, () => {
		const flags = random.pick(['', '', '', '-', '_', '0', '^', '_^', '^0', '+']);
		const width = random.pick(['', '', '', '1', '5', '12']);
		const modifier = random.pick(['', '', '', 'E', 'O']);
		const letters = 'aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%QfLN+E';
		const letter = letters.charAt(random.below(letters.length));
		const change = modifier === '' && random.below(10) === 0 ? '#' : '';
		return `${random.pick(['', ' ', 'x', '%%', 'é'])}%${change}${flags}${width}${modifier}${letter}`;
	}).join('');

const instant = (random: SeededRandom): number =>
	random.below(2) === 0 ? random.below(4_000_000_000) : 1_600_000_000 + random.below(300_000_000);
