import {Script} from 'node:vm';
import test from 'ava';
import {keepHeapSmall} from '../../src/platform/small-heap.js';

// V8 compares lengths only, and compiles nothing that it has in memory: of the same length, never the same text.
const sourceOf = (digit: number): string => `(function () { return ${digit}; })`;

test('V8 takes the code of earlier runs again once the heap may grow', t => {
	const cachedData = new Script(sourceOf(0)).createCachedData();
	const isTaken = (digit: number) =>
		new Script(sourceOf(digit), {cachedData}).cachedDataRejected === false;
	t.true(isTaken(1));
	const letHeapGrow = keepHeapSmall();
	t.false(isTaken(2), 'kept code belongs to the flags that it was made with');
	letHeapGrow();
	t.true(isTaken(3));
});
