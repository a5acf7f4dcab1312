import test from 'ava';
import {renderRecord} from '../../src/cli/history-lines.js';
import type {HistoryRecord} from '../../src/history/history.js';

test.before(() => {
	process.env.TZ = 'UTC';
});

const at = 1_800_000_000;
const end = {
	at,
	event: 'end',
	pid: 7,
	code: null,
	signal: 'SIGKILL',
	uptime: 7500,
	expected: false,
	description: 'terminated by SIGKILL (out of memory)',
	decision: 'pause',
	lastOutput: ['one', '\u001b[2Jtwo'],
} as const;
const pack = {
	at,
	event: 'pack',
	run: 'r',
	storage: 'main',
	address: 'localhost:8100',
	outcome: 'packed',
	reason: null,
	advice: null,
	began: at - 3,
	seconds: 3,
	packTime: at,
	before: null,
	after: null,
	warnings: [],
} as const;
const measure = {
	size: 260 * 1024,
	objects: null,
	lastTransaction: null,
	blobs: null,
	old: null,
	freeDisk: null,
};

const renders = test.macro((t, record: HistoryRecord, ...lines: readonly string[]) => {
	const [first = '', ...others] = lines;
	const expected = [`2027-01-15 08:00:00  ${first}`, ...others];
	t.is(renderRecord(record), expected.map(line => `${line}\n`).join(''));
});

test(
	'a start',
	renders,
	{at, event: 'start', pid: 7, supervisor: 6},
	'start       pid 7 (supervisor 6)',
);
test(
	'an adoption',
	renders,
	{at, event: 'adoption', pid: 7, supervisor: 6},
	'adoption    pid 7 (supervisor 6)',
);
test('a refusal', renders, {at, event: 'refusal', reason: 'in use'}, 'refusal     in use');
test(
	'an end that nobody asked for, with its output, harmless to a terminal',
	renders,
	end,
	'end         pid 7: terminated by SIGKILL (out of memory), after 2 h 5 min, unasked, to be started again after a pause',
	'                     | one',
	'                     | two',
);
test(
	'an end that nobody has seen lies somewhere in the time since the start',
	renders,
	{...end, signal: null, description: 'ended while nobody watched', unseen: true, lastOutput: []},
	'end         pid 7: ended while nobody watched, after at most 2 h 5 min, unasked, to be started again after a pause',
);
test(
	'an end that was asked for, and what the next start meets',
	renders,
	{...end, expected: true, decision: 'leave', description: 'exit status 0', unsavedIndexes: []},
	'end         pid 7: exit status 0, after 2 h 5 min, as asked, the supervisor left, index saved',
);
test(
	'a stop that was asked for after a crash',
	renders,
	{...end, decision: 'stop', lastOutput: [], description: 'terminated by SIGKILL'},
	'end         pid 7: terminated by SIGKILL, after 2 h 5 min, unasked, then stopped as asked',
);
test(
	'an index that was not saved',
	renders,
	{...end, decision: 'restart', lastOutput: [], description: 'x', unsavedIndexes: ['a', 'b']},
	'end         pid 7: x, after 2 h 5 min, unasked, started again, index of a, b NOT saved',
);
test(
	'a program that could not be executed',
	renders,
	{...end, pid: 0, uptime: 0, decision: 'pause', lastOutput: [], description: "can't exec '/x'"},
	"end         can't exec '/x', after 0 s, unasked, to be started again after a pause",
);
test(
	'a decision',
	renders,
	{at, event: 'decision', decision: 'restart', subject: 'pid 7', description: 'mute', by: 'health'},
	'decision    restart pid 7: mute (by health)',
);
test(
	'a sick server',
	renders,
	{at, event: 'health', verdict: 'failed', reason: 'mute', pid: 7},
	'health      pid 7: mute',
);
test(
	'a server that is well again',
	renders,
	{at, event: 'health', verdict: 'ready', reason: null, pid: null},
	'health      the server answers again',
);
test(
	'an alarm',
	renders,
	{at, event: 'alarm', alarm: 'disk', text: 'full'},
	'alarm       disk: full',
);
test(
	'a pack',
	renders,
	{...pack, before: measure, after: {...measure, size: 1300}},
	'pack        main: packed, 260 KB to 1.3 KB, in 3 s',
);
test(
	'a pack that failed',
	renders,
	{...pack, outcome: 'failed', reason: 'no room'},
	'pack        main: failed, no room, in 3 s',
);
test(
	'a run of packs',
	renders,
	{
		at,
		event: 'pack-begin',
		run: 'r',
		pid: 1,
		startTicks: 1,
		boot: '',
		storages: ['a', 'b'],
		slot: at,
		by: 'schedule',
	},
	'pack-begin  a, b (by schedule)',
);
test(
	'its end',
	renders,
	{at, event: 'pack-end', run: 'r', slot: at},
	'pack-end    over, for the slot of 2027-01-15 08:00:00',
);
