import {setImmediate as turn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {openRecord} from '../../src/daemon/record.js';
import {appendHistory, readHistory} from '../../src/history/history.js';
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

const lives = (folder: string) =>
	readHistory(folder).map(record =>
		'pid' in record ? `${record.event} ${record.pid}` : record.event,
	);

test('a life that ended with its supervisor is ended by the start of the next one', t => {
	const folder = temporaryFolder(t);
	const killed = openRecord(folder, 2);
	killed.started(7);
	killed.ended(life, 'restart', []);
	killed.started(8);
	openRecord(folder, 2).started(9);
	t.deepEqual(lives(folder), ['start 7', 'end 7', 'start 8', 'end 8', 'start 9']);
	t.like(readHistory(folder)[3], {
		expected: false,
		unseen: true,
		description: 'ended while nobody watched',
	});
	t.false(openRecord(folder, 1000).hasFailed, 'nobody knows how long it lived');
});

test('a life that an adopted program goes on with is not ended', t => {
	const folder = temporaryFolder(t);
	openRecord(folder, 2).started(7);
	openRecord(folder, 2).adopted(7);
	const third = openRecord(folder, 2, 1);
	third.adopted(7);
	third.ended(life, 'leave', []);
	openRecord(folder, 2).started(8);
	t.deepEqual(lives(folder), ['start 7', 'adoption 7', 'handover 7', 'end 7', 'start 8']);
});

test('an adopted life that nobody sees the end of is as long as since its start', t => {
	const folder = temporaryFolder(t);
	appendHistory(folder, {at: 1000, event: 'start', pid: 7, supervisor: 1});
	openRecord(folder, 2).adopted(7);
	openRecord(folder, 2).started(8);
	const [, , end] = readHistory(folder);
	t.true(end?.event === 'end' && end.pid === 7 && end.uptime > 1_000_000);
});
