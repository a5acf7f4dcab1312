import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {createBrake} from '../../src/transcript/brake.js';
import {waitFor} from '../helpers/wait-for.js';

const open = (onSlow: 'drop' | 'block') => {
	const calls: string[] = [];
	const brake = createBrake({
		queueSize: 1000,
		onSlow,
		pause: () => void calls.push('pause'),
		resume: () => void calls.push('resume'),
	});
	return {...brake, calls};
};

test('a program waits from half a queue on, until half of that is written', t => {
	const {check, calls} = open('block');
	check(500, false);
	t.deepEqual(calls, []);
	check(501, false);
	check(600, false);
	check(251, false);
	t.deepEqual(calls, ['pause']);
	check(250, false);
	t.deepEqual(calls, ['pause', 'resume']);
});

test('a disk that fails holds nobody back', t => {
	const {check, calls} = open('block');
	check(600, true);
	t.deepEqual(calls, []);
	check(600, false);
	check(600, true);
	t.deepEqual(calls, ['pause', 'resume']);
});

test('where lines may be dropped a program waits for a moment, and again when the disk has followed', async t => {
	const {check, calls} = open('drop');
	check(600, false);
	t.deepEqual(calls, ['pause']);
	await waitFor('the end of the patience', () => calls.length === 2);
	check(900, false);
	t.deepEqual(calls, ['pause', 'resume']);
	check(250, false);
	check(600, false);
	t.deepEqual(calls, ['pause', 'resume', 'pause']);
});

test('what is forgotten is not resumed', async t => {
	const {check, release, calls} = open('drop');
	check(600, false);
	release();
	await sleep(300);
	check(0, false);
	t.deepEqual(calls, ['pause']);
});
