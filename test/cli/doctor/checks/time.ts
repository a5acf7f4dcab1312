import {utimesSync} from 'node:fs';
import test from 'ava';
import {
	judgeClock,
	judgeLimits,
	judgeSynchronization,
	judgeTransactionTimeout,
} from '../../../../src/cli/doctor/checks/time.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import {examination} from '../../../helpers/examined.js';

test('without a transaction-timeout one client can block all others', t => {
	t.is(judgeTransactionTimeout(undefined, '/srv/zeo.conf')[0]?.level, 'warning');
	t.is(judgeTransactionTimeout(0, '/srv/zeo.conf')[0]?.level, 'warning');
	t.is(judgeTransactionTimeout(300, '/srv/zeo.conf')[0]?.level, 'ok');
});

const limits = test.macro((t, startTimeout: number, stopTimeout: number, expected: Level) => {
	t.is(judgeLimits({startTimeout, stopTimeout})[0]?.level, expected);
});

test('the limits of zdaemon are fine', limits, 300, 300, 'ok');
test('a stop that never kills', limits, 300, 0, 'warning');
test('a stop that kills too soon', limits, 300, 5, 'warning');
test('a start that is given no time', limits, 1, 300, 'warning');

test('what is later than the clock is an error, but for a minute', t => {
	t.is(judgeClock([{what: 'x', at: 1059}], 1000)[0]?.level, 'ok');
	const [finding] = judgeClock([{what: 'the history', at: 1000 + 7200}], 1000);
	t.is(finding?.level, 'error');
	t.regex(finding?.message ?? '', /^the history is 2 h ahead of the clock/);
});

test('a database from the future is seen', async t => {
	const {levels, write} = examination(t);
	const file = write('Data.fs', 'FS30');
	t.regex((await levels('clock')).join(), /^ok: /);
	const tomorrow = Date.now() / 1000 + 86_400;
	utimesSync(file, tomorrow, tomorrow);
	t.regex((await levels('clock')).join(), /^error: '\.\/Data\.fs' is .* ahead/);
});

const kept = test.macro((t, answer: string, expected: Level) => {
	const asRoot = (...words: readonly string[]): string => words.join(' ');
	t.is(judgeSynchronization(answer, asRoot)[0]?.level, expected);
});

test('a clock that is kept', kept, 'yes', 'ok');
test('a clock that nobody keeps', kept, 'no', 'warning');
test('a systemd that does not tell', kept, '', 'unknown');
