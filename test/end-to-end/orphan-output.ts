import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {bySize} from '../helpers/full-size.js';
import {answers, guard, makeInstance} from '../helpers/guarded.js';

const lines = 100_000;
const seconds = bySize(60, 5);

/** A server that, from the moment when there is a file `go`, prints 10 MB in numbered lines, evenly over the time. */
const talkativeServer = (python: string, folder: string, conf: string): string => `#!${python}
import os, sys, threading, time
from ZEO.runzeo import main

def talk():
    while not os.path.exists("${folder}/go"):
        time.sleep(0.01)
    slices = ${seconds * 50}
    for piece in range(slices):
        for number in range(${lines} * piece // slices, ${lines} * (piece + 1) // slices):
            print(f"line {number:09} ".ljust(99, "."), flush=number % 10 == 0)
        time.sleep(0.02)
    sys.stdout.flush()
    open("${folder}/done", "w").close()

threading.Thread(target=talk, daemon=True).start()
sys.exit(main(["-C", "${conf}"]))
`;

guard(
	`promise 3: 10 MB of output without a supervisor neither hold up the server nor are lost`,
	async (t, python, folder) => {
		const one = await makeInstance(t, python, {folder});
		const conf = readFileSync(one.conf, 'utf8');
		writeFileSync(
			path.join(folder, 'server.conf'),
			conf.replace(/<runner>[\s\S]*<\/runner>\n/, ''),
		);
		const program = path.join(folder, 'server');
		writeFileSync(program, talkativeServer(python, folder, `${folder}/server.conf`), {mode: 0o755});
		writeFileSync(one.conf, conf.replace(/program .*/, `program ${program}`));
		const pid = await one.start();
		process.kill(await one.supervisor(), 'SIGKILL');
		writeFileSync(path.join(folder, 'go'), '');
		const slowest = {ms: 0, asked: 0};
		while (!existsSync(path.join(folder, 'done'))) {
			const began = performance.now();
			t.true(await answers(one), 'the server does not answer');
			slowest.ms = Math.max(slowest.ms, performance.now() - began);
			slowest.asked += 1;
			await sleep(100);
		}
		t.log(`asked ${slowest.asked} times, answered after ${Math.round(slowest.ms)} ms at most`);
		t.is(await one.start(), pid);
		const printed = readFileSync(path.join(folder, 'one.log'), 'utf8')
			.split('\n')
			.filter(line => line.startsWith('line '));
		t.is(printed.length, lines);
		t.is(
			printed.findIndex(
				(line, index) => !line.startsWith(`line ${String(index).padStart(9, '0')} `),
			),
			-1,
		);
		t.is(await one.run('stop').then(({exitCode}) => exitCode), 0);
	},
);
