import test from 'ava';
import type {HistoryRecord} from '../../src/history/history.js';
import {planCrashReport, planOverdueReport} from '../../src/report/trouble.js';
import {crashAt, runOf, thisMorning, week} from '../helpers/histories.js';

const limit = {count: 3, seconds: 3600};
const plan = (history: readonly HistoryRecord[], now = thisMorning) =>
	planCrashReport(history, {limit, now});
const crashes = (...before: readonly number[]) =>
	before.map(seconds => crashAt(thisMorning - seconds));
const mailed = (before: number) =>
	({
		at: thisMorning - before,
		event: 'report',
		about: 'crash',
		run: null,
		message: 'x@y',
	}) as const;
const gaveUp = (before: number) => crashAt(thisMorning - before, {decision: 'leave'});

test('a crash or two are no mail', t => {
	t.is(plan(crashes(200, 100)), undefined);
});

test('as many as the limit allows in its time are one mail with all of them', t => {
	t.like(plan(crashes(50_000, 200, 150, 100)), {
		causes: [{cause: 'terminated by SIGSEGV', count: 4, last: thisMorning - 100}],
	});
});

test('the same number over a longer time is none', t => {
	t.is(plan(crashes(9000, 5000, 100)), undefined);
});

test('a database that was deleted under its server is a mail at once', t => {
	const text = "the file of storage 'main' has been deleted";
	const at = thisMorning - 10;
	t.like(plan([{at, event: 'alarm', alarm: 'deleted-file', text}]), {lostFiles: [text]});
	t.is(plan([{at, event: 'alarm', alarm: 'disk-floor', text: 'little room'}]), undefined);
});

test('requested ends do not count', t => {
	const stops = [300, 200, 100].map(before => crashAt(thisMorning - before, {expected: true}));
	t.is(plan(stops), undefined);
});

test('giving up is a mail at once', t => {
	t.like(plan([gaveUp(10)]), {gaveUp: thisMorning - 10});
});

test('a crash during which somebody has asked for a stop is no giving up', t => {
	t.is(plan([crashAt(thisMorning - 10, {decision: 'stop'})]), undefined);
});

test('a server that hangs is a mail, whether it is restarted or only watched', t => {
	const at = thisMorning - 10;
	const restart = {
		at,
		event: 'decision',
		decision: 'restart',
		subject: 'pid 1',
		description: 'no answer',
		by: 'health',
	} as const;
	const verdict = {at, event: 'health', verdict: 'failed', reason: 'no answer', pid: 1} as const;
	t.truthy(plan([restart]));
	t.truthy(plan([verdict]));
	t.is(plan([{...verdict, verdict: 'ready'}]), undefined);
	t.is(plan([{...restart, by: 'somebody'}]), undefined);
});

test('after a mail there is silence, then everything since is in the next one', t => {
	const history = [...crashes(5000, 4900, 4800), mailed(3000), ...crashes(300, 200, 100)];
	t.is(plan(history), undefined);
	t.like(plan(history, thisMorning + 1000), {causes: [{count: 3}]});
});

test('giving up breaks the silence once', t => {
	const storm = [...crashes(3000, 2900, 2800), mailed(2700)];
	t.truthy(plan([...storm, gaveUp(10)]));
	t.is(plan([...storm, gaveUp(1000), mailed(900), gaveUp(10)]), undefined);
});

test('a clock that was set back does not silence anything', t => {
	t.truthy(plan([mailed(-50 * week), ...crashes(300, 200, 100)]));
});

test('a day of crashes in a loop is at most a mail an hour, and each crash is in one of them', t => {
	const history: HistoryRecord[] = [];
	let told = 0;
	let mails = 0;
	for (let second = 0; second < 86_400; second += 30) {
		const now = thisMorning + second;
		history.push(crashAt(now));
		const unrest = plan(history, now);
		if (unrest === undefined) continue;
		mails += 1;
		told += unrest.causes[0]?.count ?? 0;
		history.push({at: now, event: 'report', about: 'crash', run: null, message: 'x@y'});
	}
	t.true(mails >= 23 && mails <= 25, `${mails} mails`);
	t.true(told > 2700, `${told} crashes`);
});

test('crashes of long ago are no news when mail has just been configured', t => {
	t.is(plan(crashes(90_002, 90_001, 90_000)), undefined);
});

const storages = [{storage: '1', alarmAfter: 15 * 86_400}];

test('packs that are overdue are a mail, once a week', t => {
	const history = runOf('a', {at: thisMorning - 3 * week});
	t.like(planOverdueReport(history, storages, thisMorning), [
		{storage: '1', since: thisMorning - 3 * week},
	]);
	const told = {
		at: thisMorning,
		event: 'report',
		about: 'overdue',
		run: null,
		message: 'x@y',
	} as const;
	t.deepEqual(planOverdueReport([...history, told], storages, thisMorning + 86_400), []);
	t.is(planOverdueReport([...history, told], storages, thisMorning + 8 * 86_400).length, 1);
});

test('a report of a run has said so already', t => {
	const history: readonly HistoryRecord[] = [
		...runOf('a', {at: thisMorning - 3 * week}),
		...runOf('b', {at: thisMorning - 200, outcome: 'failed'}),
	];
	const report = {at: thisMorning - 100, event: 'report', about: 'pack', run: 'b'} as const;
	const told = (message: string | null) =>
		planOverdueReport([...history, {...report, message}], storages, thisMorning);
	t.deepEqual(told('x@y'), []);
	t.is(told(null).length, 1, 'a report that was not sent has told nobody');
});

test('mails about another storage say nothing about this one', t => {
	const history: readonly HistoryRecord[] = [
		...runOf('a', {at: thisMorning - 3 * week}),
		...runOf('b', {at: thisMorning - 200, storage: 'other'}),
		{at: thisMorning - 100, event: 'report', about: 'pack', run: 'b', message: 'x@y'},
	];
	t.is(planOverdueReport(history, storages, thisMorning).length, 1);
});
