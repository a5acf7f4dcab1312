import test from 'ava';
import {jitterOf, scheduleKey} from '../../src/pack/jitter.js';

const instance = scheduleKey('zeo.example', '/srv/zeo/s');
const sundays = Array.from({length: 500}, (_, week) => 1_800_000_000 + week * 604_800);

test('the delay of a slot is always the same, and within bounds', t => {
	for (const slot of sundays) {
		const delay = jitterOf(slot, instance, 600);
		t.is(jitterOf(slot, instance, 600), delay);
		t.true(delay >= 0 && delay < 600 && Number.isInteger(delay));
	}
});

test('delays are spread over slots and over instances', t => {
	const tenths = new Set(sundays.map(slot => Math.floor(jitterOf(slot, instance, 600) / 60)));
	t.is(tenths.size, 10);
	const instances = sundays.map((_, index) => scheduleKey(`host${index}`, '/srv/zeo/s'));
	const others = new Set(
		instances.map(each => Math.floor(jitterOf(1_800_000_000, each, 600) / 60)),
	);
	t.is(others.size, 10);
});

test('without jitter there is no delay', t => {
	t.is(jitterOf(1_800_000_000, instance, 0), 0);
});
