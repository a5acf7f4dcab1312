import test from 'ava';
import {rememberFor} from '../../src/monitor/remember.js';

const counted = () => {
	const world = {now: 0, asked: 0};
	const ask = rememberFor(
		1000,
		() => world.now,
		async () => {
			world.asked++;
			if (world.asked === 3) throw new Error('no');
			return world.asked;
		},
	);
	return {world, ask};
};

test('many who ask at once share one question', async t => {
	const {ask} = counted();
	t.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
});

test('an answer is fresh for its time, counted from when it came', async t => {
	const {world, ask} = counted();
	t.is(await ask(), 1);
	world.now = 999;
	t.is(await ask(), 1);
	world.now = 1000;
	t.is(await ask(), 2);
});

test('a failure is not remembered', async t => {
	const {world, ask} = counted();
	await ask();
	world.now = 1000;
	await ask();
	world.now = 2000;
	await t.throwsAsync(ask());
	t.is(await ask(), 4);
});
