import test from 'ava';
import {findPackInLog, packLabel} from '../../src/pack/server-log.js';

const label = packLabel('run-1', 'main');
const name = {label, time: '1795409061.516'};
const line = (text: string): string => `2026-11-23T04:44:22 INFO ZEO.StorageServer ${text}`;
const started = line(`(${label} 127.0.0.1:18112) pack(time=1795409061.516) started...`);
const complete = line(`(${label} 127.0.0.1:18112) pack(time=1795409061.516) complete`);
const others = line('(other 127.0.0.1:1) pack(time=5.0) complete');

// As ZEO 6 has written it, shortened.
const traceback = `------
2026-11-23T04:44:25 ERROR ZEO.asyncio.server Error raised in delayed method
Traceback (most recent call last):
  File "/v/ZEO/StorageServer.py", line 301, in _pack_impl
    self.storage.pack(time, referencesf)
  File "/v/ZODB/FileStorage/FileStorage.py", line 1100, in pack
    pack_result = self.packer(self, referencesf, stop, gc)
OSError: [Errno 28] No space left on device
------`;

const isFound = test.macro({
	exec(t, lines: readonly string[], expected: unknown) {
		t.deepEqual(findPackInLog(lines.join('\n'), name), expected as never);
	},
	title: (title = '') => title,
});

test('a pack of ours that is complete is found', isFound, [started, others, complete, ''], {
	end: 'complete',
});
test('that of another is not ours', isFound, [started, others], {end: 'none'});
test('an earlier one of ours is not this one', isFound, [started, complete, started], {
	end: 'none',
});
test('without its beginning nothing is said', isFound, [complete], {end: 'none'});
test(
	'a pack that failed is told by the last line of its traceback',
	isFound,
	[started, traceback],
	{
		end: 'raised',
		reason: 'OSError: [Errno 28] No space left on device',
	},
);
test(
	'a failure of something else is not ours',
	isFound,
	[started, traceback.replace('in _pack_impl', 'in undoInfo').replace('in pack', 'in x')],
	{end: 'none'},
);
test(
	'a server that was told to end is found',
	isFound,
	[started, '2026-11-23T04:44:25 INFO ZEO.runzeo (13312) terminated by SIGTERM'],
	{end: 'stopped', reason: 'SIGTERM'},
);

test('where nobody has a label, the time of the pack is its name', t => {
	const plain = (text: string) => line(`(127.0.0.1:5) pack(time=1795409061.516) ${text}`);
	t.deepEqual(findPackInLog([plain('started...'), plain('complete')].join('\n'), name), {
		end: 'complete',
	});
	t.deepEqual(findPackInLog([plain('started...')].join('\n'), {label, time: undefined}), {
		end: 'none',
	});
});

test('a storage cannot forge a line by its name', t => {
	t.is(
		packLabel('r', 'a\nb) pack(time=1.0) complete'),
		'zeoctl pack r a_b_ pack_time_1.0_ complete',
	);
});
