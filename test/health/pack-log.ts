import test from 'ava';
import {noPacks, readPackLines} from '../../src/health/pack-log.js';

const stamp = '2026-11-23T02:33:34 INFO ZEO.StorageServer';

const count = (lines: readonly string[]) => readPackLines(noPacks, lines).size;

for (const [what, lines, expected] of [
	['nothing', [], 0],
	['a pack that began', ['(127.0.0.1:18810) pack(time=1795401214.57) started...'], 1],
	[
		'a pack that is complete',
		['(127.0.0.1:1) pack(time=1.5) started...', '(127.0.0.1:1) pack(time=1.5) complete'],
		0,
	],
	[
		'two packs, one complete',
		[
			'(127.0.0.1:1) pack(time=1.5) started...',
			'(127.0.0.1:2) pack(time=1.5) started...',
			'(127.0.0.1:2) pack(time=1.5) complete',
		],
		1,
	],
	[
		'a label with parentheses of its own',
		["(('::1', 4, 0, 0)) pack(time=1) started...", "(('::1', 4, 0, 0)) pack(time=1) complete"],
		0,
	],
	['a pack that failed', ['(x) pack(time=1) started...', 'Error raised in delayed method'], 0],
	[
		'a pack that a restart cut short',
		['(x) pack(time=1) started...', "opening storage 'main' using FileStorage"],
		0,
	],
	['words of somebody else', ['backpack started...', 'pack complete'], 0],
] as const) {
	test(`the log with ${what} has ${expected} packs under way`, t => {
		t.is(count(lines.map(line => `${stamp} ${line}`)), expected);
	});
}

test('what was under way before is complete later', t => {
	const open = readPackLines(noPacks, ['(x) pack(time=1) started...']);
	t.is(readPackLines(open, ['(x) pack(time=1) complete']).size, 0);
	t.is(open.size, 1);
});
