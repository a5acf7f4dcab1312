import {readHistory} from '../../src/history/history.js';
import {bySize} from '../helpers/full-size.js';
import {guard, makeInstance} from '../helpers/guarded.js';
import {waitFor} from '../helpers/wait-for.js';

guard(
	'promise 3: the end of a server that was taken over is noticed without waiting for a look',
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder, runner: 'forever on'});
		const times: number[] = [];
		for (let round = 0; round < bySize(20, 3); round += 1) {
			await one.start();
			process.kill(await one.supervisor(), 'SIGKILL');
			const pid = await one.start();
			t.like(await one.document(), {adopted: true, pid});
			const killed = Date.now();
			process.kill(pid, 'SIGKILL');
			const end = await waitFor('the record of its end', () =>
				readHistory(one.runDirectory).find(record => record.event === 'end' && record.pid === pid),
			);
			times.push(end.at * 1000 - killed);
			await waitFor('the next life', async () => ![pid, 0].includes(await one.pid()));
		}
		const sorted = times.toSorted((one, other) => one - other);
		const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
		const worst = sorted.at(-1) ?? Number.NaN;
		t.log(`noticed after ${Math.round(median)} ms (median), ${Math.round(worst)} ms at most`);
		// The supervisor also looks every 5 seconds, in case that the lock does not tell.
		t.true(median < 4000, `${median} ms`);
	},
);
