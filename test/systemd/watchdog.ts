import test from 'ava';
import {startWatchdog} from '../../src/systemd/watchdog.js';
import {fakeClock} from '../helpers/fake-clock.js';

test('the watchdog hears of us twice in its interval, as long as all is well', async t => {
	const clock = fakeClock();
	const began = clock.now();
	const beats: number[] = [];
	let isWell = true;
	const end = startWatchdog({
		intervalUsec: 10_000_000,
		isWell: () => isWell,
		beat: () => beats.push(clock.now() - began),
		after: clock.after,
	});
	await clock.advance(12_000);
	t.deepEqual(beats, [0, 5000, 10_000]);
	isWell = false;
	await clock.advance(20_000);
	t.is(beats.length, 3);
	isWell = true;
	await clock.advance(5000);
	t.is(beats.length, 4);
	end();
	t.is(clock.waiting(), 0);
});
