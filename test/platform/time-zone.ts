import test from 'ava';
import {createZoneAbbreviation} from '../../src/platform/time-zone.js';
import {inTimeZone} from '../helpers/time-zone.js';

const january = 1_705_000_000;
const july = 1_720_000_000;
const january2050 = 2_525_000_000;
const july2050 = 2_540_000_000;

const isCalled = test.macro({
	exec(t, zone: string, names: readonly string[]) {
		const abbreviation = createZoneAbbreviation(zone);
		t.deepEqual(
			inTimeZone(zone, () => [january, july, january2050, july2050].map(abbreviation)),
			names,
		);
	},
	title: (_, zone, names: readonly string[]) =>
		`${zone} is ${names.slice(0, 2).join(' and ')}, also in 2050`,
});

test(isCalled, 'Europe/Berlin', ['CET', 'CEST', 'CET', 'CEST']);
test(isCalled, 'Europe/Dublin', ['GMT', 'IST', 'GMT', 'IST']);
test(isCalled, 'America/New_York', ['EST', 'EDT', 'EST', 'EDT']);
test(isCalled, 'Australia/Sydney', ['AEDT', 'AEST', 'AEDT', 'AEST']);
test(isCalled, 'Asia/Kolkata', ['IST', 'IST', 'IST', 'IST']);
test(isCalled, 'UTC', ['UTC', 'UTC', 'UTC', 'UTC']);

test('a leading colon is not part of the name', t => {
	t.is(
		inTimeZone('Europe/Berlin', () => createZoneAbbreviation(':Europe/Berlin')(july)),
		'CEST',
	);
});

test('without a zone file the offset is the name', t => {
	const abbreviation = createZoneAbbreviation('No/Such_Zone');
	t.is(
		inTimeZone('Asia/Kathmandu', () => abbreviation(july)),
		'+0545',
	);
	t.is(
		inTimeZone('America/New_York', () => abbreviation(july)),
		'-04',
	);
	t.is(
		inTimeZone('UTC', () => abbreviation(july)),
		'UTC',
	);
});

test('a file that is no zone file is as good as none', t => {
	t.is(
		inTimeZone('UTC', () => createZoneAbbreviation('/etc/passwd')(july)),
		'UTC',
	);
});
