import test from 'ava';
import {createGatherer} from '../../src/transcript/gather.js';

test('small reads that follow each other are slowed down, large ones are not', t => {
	const timeOf = (work: () => void) => {
		const began = performance.now();
		work();
		return performance.now() - began;
	};
	const gather = createGatherer();
	const reads = 2000;
	const small = timeOf(() => {
		for (let count = 0; count < reads; count += 1) gather(100);
	});
	t.true(small > reads * 0.04);
	const large = timeOf(() => {
		for (let count = 0; count < reads; count += 1) gather(65_536);
	});
	t.true(large < small);
});
