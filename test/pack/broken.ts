import test from 'ava';
import type {HistoryRecord} from '../../src/history/history.js';
import {findBrokenRuns} from '../../src/pack/broken.js';
import {notPacked} from '../../src/pack/run.js';

const begin = (run: string, pid: number): HistoryRecord => ({
	...{at: 1, event: 'pack-begin', run, pid, startTicks: 1, boot: 'b', slot: null, by: 'me'},
	storages: ['a', 'b'],
});
const pack = (run: string, storage: string): HistoryRecord =>
	notPacked({storage, address: ''}, {run, now: 1, outcome: 'packed', reason: null, advice: null});
const end = (run: string): HistoryRecord => ({at: 1, event: 'pack-end', run, slot: null});

test('a run without an end whose process has gone was broken off', t => {
	const history = [
		...[begin('whole', 1), pack('whole', 'a'), pack('whole', 'b'), end('whole')],
		...[begin('broken', 2), pack('broken', 'a'), begin('alive', 3)],
	];
	const found = findBrokenRuns(history, ({pid}) => pid === 3);
	t.deepEqual(
		found.map(({begin: {run}, storages}) => [run, storages]),
		[['broken', ['b']]],
	);
});
