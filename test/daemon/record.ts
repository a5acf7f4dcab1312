import {setImmediate as turn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openRecord} from '../../src/daemon/record.js';
import {readHistory} from '../../src/history/history.js';
import type {Ending} from '../../src/supervisor/state.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const life: Ending = {
	pid: 7,
	code: null,
	signal: 'SIGKILL',
	uptimeMs: 3000,
	description: 'terminated by SIGKILL',
	expected: false,
};

const prepare = (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	const events = () => readHistory(folder).map(({event}) => event);
	return {record: openRecord(folder, 2), events};
};

test('an end is written down before the start that follows it', t => {
	const {record, events} = prepare(t);
	record.ended(life, 'restart', []);
	t.deepEqual(events(), [], 'the next life waits for nothing');
	record.started(8);
	t.deepEqual(events(), ['end', 'start']);
});

test('an end whose next life is not there at once is written down in the meantime, and once', async t => {
	const {record, events} = prepare(t);
	record.ended(life, 'restart', []);
	await turn();
	t.deepEqual(events(), ['end']);
	record.refused('in use');
	t.deepEqual(events(), ['end', 'refusal']);
});

test('two ends of which neither waited are both there, in order', t => {
	const {record, events} = prepare(t);
	record.ended(life, 'restart', []);
	record.ended({...life, pid: 8}, 'restart', []);
	record.started(9);
	t.deepEqual(events(), ['end', 'end', 'start']);
});

for (const decision of ['pause', 'leave'] as const) {
	test(`an end is written down at once where the supervisor decides to ${decision}`, t => {
		const {record, events} = prepare(t);
		record.ended(life, decision, []);
		t.deepEqual(events(), ['end']);
	});
}
