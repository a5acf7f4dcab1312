import {readFileSync} from 'node:fs';
import test from 'ava';
import {createPatience} from '../../src/daemon/service-patience.js';
import type {Notice} from '../../src/systemd/notify.js';
import {fakeClock} from '../helpers/fake-clock.js';
import {runningStatus} from '../helpers/statuses.js';

const patience = () => {
	const clock = fakeClock();
	const notices: Notice[] = [];
	const {follow, close} = createPatience(notice => notices.push(notice), clock.after);
	return {clock, notices, follow, close};
};

const more = {EXTEND_TIMEOUT_USEC: 60_000_000};

test('a stop gets more time for as long as it takes', async t => {
	const {clock, notices, follow} = patience();
	follow(runningStatus({state: 'stopping'}));
	await clock.advance(35_000);
	t.deepEqual(notices, [more, more, more]);
	follow(runningStatus({state: 'stopped', pid: null}));
	t.is(clock.waiting(), 0);
});

test('a starting program gets more time while it reads or writes', async t => {
	const {clock, notices, follow, close} = patience();
	follow(runningStatus({state: 'starting', pid: process.pid}));
	await clock.advance(10_000);
	t.deepEqual(notices, [more]);
	readFileSync('/proc/self/stat');
	await clock.advance(10_000);
	t.deepEqual(notices, [more, more]);
	close();
	t.is(clock.waiting(), 0);
});

test('a starting program that does nothing gets no more time than the unit grants', async t => {
	const {clock, notices, follow} = patience();
	// There is no such process.
	follow(runningStatus({state: 'starting', pid: 0}));
	await clock.advance(60_000);
	t.deepEqual(notices, []);
});

test('a program that runs needs no patience', t => {
	const {clock, follow} = patience();
	follow(runningStatus());
	t.is(clock.waiting(), 0);
});
