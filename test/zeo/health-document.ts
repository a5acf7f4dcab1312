import test from 'ava';
import {parseHealthDocument} from '../../src/zeo/health-document.js';
import {healthOf} from '../helpers/fake-zeo.js';

test('a document of ZEO 6 is read field by field', t => {
	t.deepEqual(parseHealthDocument(healthOf('main'))?.get('main'), {
		connections: 1,
		loads: 0,
		stores: 0,
		commits: 0,
		aborts: 0,
		conflicts: 0,
		conflictsResolved: 0,
		activeTransactions: 0,
		waiting: 0,
		lockTime: null,
		start: 'Sun Nov 22 23:13:18 2026',
		timeoutThreadAlive: null,
		lastTransaction: '040d32514ee07abb',
	});
});

test('fields that a server does not send, or sends in another type, are null', t => {
	const storage = parseHealthDocument('{"1": {"connections": "many", "lock_time": 1.5}}')?.get('1');
	t.is(storage?.connections, null);
	t.is(storage?.lockTime, 1.5);
	t.is(storage?.lastTransaction, null);
});

test('a dead timeout thread is told from one that does not exist', t => {
	const read = (value: string) =>
		parseHealthDocument(`{"1": {"timeout-thread-is-alive": ${value}}}`)?.get('1')
			?.timeoutThreadAlive;
	t.is(read('false'), false);
	t.is(read('true'), true);
	t.is(read('"stub"'), null);
});

test('names are opaque, also those of object properties', t => {
	const storages = parseHealthDocument('{"__proto__": {"loads": 3}, "constructor": {}}');
	t.deepEqual([...(storages?.keys() ?? [])], ['__proto__', 'constructor']);
	t.is(storages?.get('__proto__')?.loads, 3);
});

for (const text of [
	'',
	'Z5',
	'null',
	'3',
	'[]',
	'[{}]',
	'{"main": 3}',
	'{"main": null}',
	'{"a":',
]) {
	test(`${JSON.stringify(text)} is no health document`, t => {
		t.is(parseHealthDocument(text), undefined);
	});
}
