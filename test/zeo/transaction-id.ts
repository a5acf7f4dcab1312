import test from 'ava';
import {renderTransactionTime, transactionTime} from '../../src/zeo/transaction-id.js';

// TimeStamp(2026, 11, 22, 23, 13, 18.5).raw() and friends.
const stands = test.macro((t, tid: string, iso: string) => {
	t.true(Math.abs(transactionTime(tid) - Date.parse(iso) / 1000) < 0.001);
	t.is(renderTransactionTime(tid), `${iso.slice(0, 19).replace('T', ' ')} UTC`);
});

test('an evening in November', stands, '040d32514eeeeeee', '2026-11-22T23:13:18.500Z');
test('a leap day', stands, '03f6d9e000000000', '2024-02-29T00:00:00.000Z');
test('the end of a year', stands, '033161fffccccccc', '1999-12-31T23:59:59.250Z');
test('the beginning of a year', stands, '042ec58000000000', '2031-01-01T00:00:00.000Z');

test('a number that is no time is no error', t => {
	t.notThrows(() => renderTransactionTime('ffffffffffffffff'));
	t.notThrows(() => renderTransactionTime('0000000000000001'));
});
