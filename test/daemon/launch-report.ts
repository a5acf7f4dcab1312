import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {Duplex} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {programPath} from '../helpers/transcript.js';

const startReporter = (t: ExecutionContext) => {
	const child = spawn(process.execPath, [programPath('reports-to-launcher')], {
		stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
	});
	t.teardown(() => child.kill('SIGKILL'));
	return {child, reports: child.stdio[3] as Duplex, talk: child.stdio[4] as Duplex};
};

test('a launcher that does not read holds nobody up, and gets the latest status when it reads again', async t => {
	const {reports, talk} = startReporter(t);
	t.is(String(await once(talk, 'data')), 'told\n');
	const told: string[] = [];
	for await (const line of createInterface({input: reports})) {
		const {status} = JSON.parse(line);
		told.push(`${status.state} ${status.restarts}`);
		if (status.restarts === 100) talk.write('go');
	}
	t.is(told[0], 'backoff 1');
	t.deepEqual(told.slice(-2), ['backoff 100', 'running 0']);
	t.true(told.length < 50, String(told.length));
});

test('a launcher that has gone holds nobody up either', async t => {
	const {child, reports, talk} = startReporter(t);
	reports.destroy();
	const ended = once(child, 'exit');
	t.is(String(await once(talk, 'data')), 'told\n');
	talk.write('go');
	t.deepEqual(await ended, [0, null]);
});
