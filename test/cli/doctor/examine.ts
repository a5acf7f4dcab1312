import test from 'ava';
import type {Check} from '../../../src/cli/doctor/check.js';
import {examine} from '../../../src/cli/doctor/examine.js';
import {error, fine, idle, unknown, warning} from '../../../src/cli/doctor/finding.js';
import type {Subject} from '../../../src/cli/doctor/subject.js';
import {fakeSystem} from '../../helpers/fake-system.js';

const subjectOf = (system = fakeSystem([])): Subject => ({
	system,
	now: 0,
	isRoot: false,
	etc: '/nowhere',
	report: {unreadable: 'no conf', hint: undefined},
	configured: undefined,
	zeoctl: () => '',
	asRoot: () => '',
	asOwner: () => '',
	zeoctlAsRoot: () => '',
});

const checkOf = (name: string, run: Check['run']): Check => ({
	group: 'conf',
	name,
	about: 'a check of the test',
	run,
});

test('a check stands as the worst that it found', async t => {
	const run = () => [fine('one'), warning('two', {}), error('three', {}), idle('four')];
	const [examined] = await examine([checkOf('a', run)], subjectOf());
	t.is(examined?.level, 'error');
	t.is(examined?.findings.length, 4);
});

test('what cannot be seen is worse than what is fine', async t => {
	const [examined] = await examine(
		[checkOf('a', () => [fine('one'), unknown('two')])],
		subjectOf(),
	);
	t.is(examined?.level, 'unknown');
});

test('a check that fails says why, and the others go on', async t => {
	const broken = checkOf('broken', () => {
		throw new Error('a loose wire');
	});
	const rejected = checkOf('rejected', () => Promise.reject(new Error('a dead line')));
	const examined = await examine(
		[broken, rejected, checkOf('c', () => [fine('one')])],
		subjectOf(),
	);
	t.deepEqual(
		examined.map(({level}) => level),
		['unknown', 'unknown', 'ok'],
	);
	t.regex(examined[0]?.findings[0]?.message ?? '', /a loose wire/);
	t.regex(examined[1]?.findings[0]?.message ?? '', /a dead line/);
});

test('a check that hangs is given up, and the others are not held back', async t => {
	const system = fakeSystem([]);
	const hangs = checkOf('hangs', () => new Promise(() => {}));
	const ended = examine([hangs, checkOf('b', () => [fine('one')])], subjectOf(system), 5000);
	await system.clock.advance(5000);
	const examined = await ended;
	t.deepEqual(
		examined.map(({level}) => level),
		['unknown', 'ok'],
	);
	t.is(examined[0]?.findings[0]?.message, 'no answer within 5 s');
	t.is(system.clock.waiting(), 0);
});
