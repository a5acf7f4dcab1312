import test from 'ava';
import {type Occupant, planRoom} from '../../src/mail/room.js';
import {seededRandom} from '../helpers/seeded-random.js';

const limits = {messages: 5, bytes: 1000};
const entry = (at: number, more: Partial<Occupant> = {}): Occupant => ({
	at,
	isBad: false,
	bytes: 100,
	place: 'waiting',
	...more,
});
const times = (entries: readonly Occupant[]) => entries.map(({at}) => at);

test('while there is room nothing is dropped', t => {
	t.deepEqual(planRoom([entry(1), entry(2), entry(3), entry(4)], 600, limits), []);
});

test('the oldest good news goes before bad news', t => {
	const entries = [entry(1, {isBad: true}), entry(2), entry(3), entry(4), entry(5)];
	t.deepEqual(times(planRoom(entries, 100, limits)), [2]);
});

test('what was given up goes first', t => {
	const given = entry(9, {isBad: true, place: 'given-up'});
	t.deepEqual(times(planRoom([entry(1), entry(2), entry(3), entry(4), given], 100, limits)), [9]);
});

test('what is being sent stays', t => {
	const entries = [1, 2, 3, 4, 5].map(at => entry(at, {place: 'sending'}));
	t.deepEqual(planRoom(entries, 100, limits), []);
});

test('so many go that the bytes fit', t => {
	const entries = [entry(1), entry(2), entry(3, {bytes: 700})];
	t.deepEqual(times(planRoom(entries, 250, limits)), [1, 2]);
});

test('afterwards both limits hold, and nothing more important went than what stays', t => {
	const {below, pick} = seededRandom(5);
	for (let round = 0; round < 3000; round++) {
		const entries = Array.from({length: below(9)}, (_, at) =>
			entry(at, {
				isBad: below(2) === 0,
				bytes: below(400),
				place: pick(['waiting', 'given-up']),
			}),
		);
		const incoming = below(400);
		const dropped = planRoom(entries, incoming, limits);
		const kept = entries.filter(each => !dropped.includes(each));
		t.true(kept.length + 1 <= limits.messages);
		t.true(kept.reduce((sum, {bytes}) => sum + bytes, incoming) <= limits.bytes);
		const worth = ({place, isBad}: Occupant) => (place === 'given-up' ? 0 : isBad ? 2 : 1);
		t.true(Math.max(0, ...dropped.map(worth)) <= Math.min(2, ...kept.map(worth)));
	}
});
