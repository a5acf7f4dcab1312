import test from 'ava';
import {planRotation} from '../../src/transcript/rotation.js';

const plan = (entries: readonly string[], oldFiles = 7) =>
	planRotation({name: 'out.log', entries, oldFiles});

test('the first rotation moves nothing', t => {
	t.deepEqual(plan(['out.log', 'other.1']), {removals: [], renames: [], target: 'out.log.1'});
});

test('numbers shift upwards, the highest first, and keep a suffix', t => {
	t.deepEqual(plan(['out.log.1', 'out.log', 'out.log.2.gz', 'out.log.3.gz']).renames, [
		{from: 'out.log.3.gz', to: 'out.log.4.gz'},
		{from: 'out.log.2.gz', to: 'out.log.3.gz'},
		{from: 'out.log.1', to: 'out.log.2'},
	]);
});

test('the oldest file goes when there are enough', t => {
	t.deepEqual(plan(['out.log.1', 'out.log.2', 'out.log.3.gz'], 3), {
		removals: ['out.log.3.gz'],
		renames: [
			{from: 'out.log.2', to: 'out.log.3'},
			{from: 'out.log.1', to: 'out.log.2'},
		],
		target: 'out.log.1',
	});
});

test('files beyond a lowered limit go as well', t => {
	t.deepEqual(plan(['out.log.1', 'out.log.2', 'out.log.5', 'out.log.9.gz'], 1).removals, [
		'out.log.1',
		'out.log.2',
		'out.log.5',
		'out.log.9.gz',
	]);
});

test('an interrupted shift is completed, nothing moves twice', t => {
	t.deepEqual(plan(['out.log.1', 'out.log.3', 'out.log.4']).renames, [
		{from: 'out.log.1', to: 'out.log.2'},
	]);
	t.deepEqual(plan(['out.log.2', 'out.log.3']).renames, []);
});

test('names that only look alike stay', t => {
	const entries = ['out.log.01', 'out.log.1.bz2', 'out.log.one', 'xout.log.1', 'out.log.0'];
	t.deepEqual(plan(entries, 1), {removals: [], renames: [], target: 'out.log.1'});
});
