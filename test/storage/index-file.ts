import test from 'ava';
import {parseIndexHead} from '../../src/storage/index-file.js';

const counts = test.macro((t, hex: string, indexedTo: number | undefined) => {
	t.is(parseIndexHead(Buffer.from(hex, 'hex'), 1000).indexedTo, indexedTo);
});

// pickle.dumps(N, 3) and, without the first two bytes, of protocol 1.
test('one byte', counts, '80034b042e', 4);
test('two bytes', counts, '80034d39302e', 12_345);
test('four bytes', counts, '80034a15cd5b072e', 123_456_789);
test('five bytes', counts, '80038a0500e876481700002e', 100_000_000_000);
test('protocol 1', counts, '4d39302e', 12_345);
test('a line of protocol 0', counts, Buffer.from('I12345\n.').toString('hex'), 12_345);
test('a long of protocol 1', counts, Buffer.from('L100000000000L\n.').toString('hex'), 1e11);
test('a dictionary, as long ago', counts, '7d71012858', undefined);
test('nothing', counts, '', undefined);
test('a torn number', counts, '80034a15', undefined);
