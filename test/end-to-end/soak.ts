import {appendFileSync} from 'node:fs';
import test from 'ava';
import {registry} from '../../src/cli/registry.js';
import {bySize, isFullSize} from '../helpers/full-size.js';
import {givenSeed} from '../helpers/given-seed.js';
import {testPython} from '../helpers/python.js';
import {soakInstance} from '../helpers/soak/instance.js';
import {soak} from '../helpers/soak/soak.js';
import {sampleWriters} from '../helpers/soak/witness.js';
import {waitFor} from '../helpers/wait-for.js';
import {runCommand, startCommand} from '../helpers/zeoctl.js';

// Those of them that there are.
const isVerb = (name: string): boolean => ['stop', 'restart', 'reload'].includes(name);
const verbs = ['start', ...registry.names().filter(isVerb)] as const;
const seed = givenSeed(Date.now() % 1_000_000);

test('what the soak counts on sees a second server, a lost commit and a wrong order', async t => {
	const python = testPython(t);
	if (python === undefined) return;
	const instance = await soakInstance(t, python);
	const sampler = sampleWriters(instance);
	const first = startCommand(t, [instance.server]);
	await waitFor('commits', () => instance.acknowledged() > 10);
	t.like(await runCommand(t, [instance.server]), {exitCode: 3});
	t.regex(instance.violations().join(), /^\d+ found \d+ at /);
	const writer = startCommand(t, ['sh', '-c', `exec 7>>${instance.data}; sleep 600`]);
	const [violation] = await waitFor('a violation', () => {
		const seen = sampler.violations();
		return seen.length > 0 ? seen : undefined;
	});
	t.regex(violation ?? '', /^processes \d+, \d+ write to /);
	await sampler.stop();
	writer.kill('SIGKILL');
	first.kill('SIGTERM');
	await first.result;

	appendFileSync(instance.notes, '0000000000000001 one 1\n');
	const {lost, disordered} = await instance.compare();
	t.deepEqual(lost, [['0000000000000001', 'one', '1']]);
	t.deepEqual(disordered, ['0000000000000001']);
});

const render = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.toSorted(([one], [other]) => (one < other ? -1 : 1))
		.map(([name, count]) => `${name}: ${count}`)
		.join(', ');

test('promises 1, 3 and 6: whatever is killed, stopped and asked for at once, there is one server, and no acknowledged commit is lost', async t => {
	t.timeout(7_200_000);
	const python = testPython(t);
	if (python === undefined) return;
	t.log(`seed ${seed}; again with ZEOCTL_SEED=${seed}`);
	const result = await soak(t, {
		python,
		seed,
		verbs,
		kills: bySize(500, 50),
		commits: bySize(2000, 200),
		note: text => {
			if (isFullSize) console.log(text);
		},
	});
	t.log(`kills: ${render(result.kills)}`);
	t.log(`commands by exit status: ${render(result.commands)}`);
	for (const [excuse, times] of Object.entries(result.excuses)) t.log(`${times} x ${excuse}`);
	t.log(`starts: ${result.starts}, adoptions: ${result.adoptions}, replaced: ${result.replaced}`);
	t.log(`refusals: ${result.refusals.length}`, ...new Set(result.refusals));
	t.log(
		`commits acknowledged: ${result.acknowledged}, lost: ${result.lost.length}, transactions in the file: ${result.transactions}`,
	);
	t.log(`violations: ${result.violations.length} in ${result.samples} samples`);
	t.log(`${result.seconds} seconds`);
	t.deepEqual(result.violations, []);
	t.deepEqual(result.lost, []);
	t.deepEqual(result.disordered, []);
	t.true(result.acknowledged >= bySize(2000, 200));
});
