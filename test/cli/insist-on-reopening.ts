import test from 'ava';
import {insistOnReopening} from '../../src/cli/insist-on-reopening.js';

const insist = async (staleLooks: number) => {
	let looks = 0;
	let asked = 0;
	const left = await insistOnReopening({
		findStale: () => (looks++ < staleLooks ? ['/srv/zeo.log.1'] : []),
		ask: () => {
			asked += 1;
		},
		after(_, callback) {
			callback();
			return () => undefined;
		},
	});
	return {left, asked};
};

test('a program that has left its old logs is not asked again', async t => {
	t.deepEqual(await insist(0), {left: [], asked: 0});
	t.deepEqual(await insist(19), {left: [], asked: 0});
});

test('one that has not is asked again', async t => {
	t.deepEqual(await insist(20), {left: [], asked: 1});
	t.deepEqual(await insist(50), {left: [], asked: 2});
});

test('one that never does is given up', async t => {
	t.deepEqual(await insist(Number.POSITIVE_INFINITY), {left: ['/srv/zeo.log.1'], asked: 4});
});
