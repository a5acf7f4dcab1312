import test from 'ava';
import {followSuccessor} from '../../src/control/follow-successor.js';
import type {Status} from '../../src/control/messages.js';
import type {Session} from '../../src/control/session.js';
import {ZeoctlError} from '../../src/platform/errors.js';
import {runningStatus} from '../helpers/statuses.js';

const given = runningStatus({handover: {state: 'done', at: 0, reason: null}});

const sessionOf = (manager: number, last: readonly Status[], hasLeft = false) => {
	const state = {isClosed: false, asked: 0};
	const session: Session = {
		protocol: 'json',
		status: async () => runningStatus({manager}),
		async ask() {
			state.asked += 1;
			if (hasLeft) throw new ZeoctlError('NOT_RUNNING', 'cannot ask: it has left');
			return {reply: 'stopping'};
		},
		async *statuses() {
			yield* last;
		},
		close() {
			state.isClosed = true;
		},
	};
	return {session, state};
};

const collect = async (statuses: AsyncIterable<Status>): Promise<readonly Status[]> => {
	const all: Status[] = [];
	for await (const status of statuses) all.push(status);
	return all;
};

test('the statuses go on with those of the successor', async t => {
	const first = sessionOf(1, [runningStatus({manager: 1}), given]);
	const second = sessionOf(2, [runningStatus({manager: 2})]);
	const session = followSuccessor(first.session, async () => ({
		contact: 'session',
		session: second.session,
	}));
	const seen = await collect(session.statuses());
	t.deepEqual(
		seen.map(({manager}) => manager),
		[1, given.manager, 2],
	);
	t.true(first.state.isClosed);
	t.like(await session.status(), {manager: 2});
});

test('the statuses end where a supervisor leaves without a successor', async t => {
	const {session} = sessionOf(1, [runningStatus()]);
	const followed = followSuccessor(session, async () => {
		throw new Error('nobody is to be looked for');
	});
	t.is((await collect(followed.statuses())).length, 1);
});

test('a request that the old supervisor did not take in is asked of the successor, once', async t => {
	const first = sessionOf(1, [], true);
	const second = sessionOf(2, []);
	const session = followSuccessor(first.session, async () => ({
		contact: 'session',
		session: second.session,
	}));
	t.deepEqual(await session.ask({request: 'stop'}), {reply: 'stopping'});
	t.is(first.state.asked, 1);
	t.is(second.state.asked, 1);
});

test('with nobody there the first failure stands', async t => {
	const {session} = sessionOf(1, [], true);
	const followed = followSuccessor(session, async () => ({contact: 'absent'}));
	await t.throwsAsync(followed.ask({request: 'stop'}), {message: 'cannot ask: it has left'});
});

test('a closed session looks for nobody, and leaves nothing open', async t => {
	const first = sessionOf(1, [given]);
	const second = sessionOf(2, []);
	let reconnected = 0;
	const session = followSuccessor(first.session, async () => {
		reconnected += 1;
		session.close();
		return {contact: 'session', session: second.session};
	});
	t.deepEqual((await collect(session.statuses())).length, 1);
	t.is(reconnected, 1);
	t.true(second.state.isClosed);
});
