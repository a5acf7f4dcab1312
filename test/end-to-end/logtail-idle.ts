import fs from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {supervised} from '../helpers/supervised.js';
import {waitFor} from '../helpers/wait-for.js';

/** How often the threads of a process have gone to sleep, which they do once per wake-up. */
const sleeps = (pid: number): number =>
	fs
		.readdirSync(`/proc/${pid}/task`)
		.map(task => fs.readFileSync(`/proc/${pid}/task/${task}/status`, 'latin1'))
		.reduce((sum, text) => sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(text)?.[1]), 0);

test('to follow a log costs no wake-up while nothing is written', async t => {
	const {start, at} = supervised(t);
	fs.writeFileSync(at('a.log'), 'one\ntwo\n');
	const tail = start(['logtail', '-n', '1', at('a.log')]);
	await waitFor('the last line', () => tail.stdout() === 'two\n');
	await waitFor('three quiet seconds', async () => {
		const before = sleeps(tail.pid);
		await sleep(3000);
		return sleeps(tail.pid) === before;
	});
	fs.appendFileSync(at('a.log'), 'three\n');
	await waitFor('the new line', () => tail.stdout() === 'two\nthree\n');
	tail.kill('SIGINT');
	await tail.result;
	t.pass();
});
