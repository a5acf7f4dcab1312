import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startEarly} from '../../src/cli/early-supervisor.js';
import {launchSupervisor} from '../../src/cli/launch.js';
import {settingsFor} from '../helpers/failures.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** A supervisor that tells its pid when it has its order, and leaves when the order does not come. */
const supervisor = `const fs = require('node:fs');
const length = fs.readSync(3, Buffer.alloc(100_000));
if (length > 0) fs.writeSync(3, JSON.stringify({report: 'note', text: process.argv.slice(2).join(' ')}) + '\\n');`;

const order = {settings: settingsFor(['sleep', '1']), programArguments: []};

/** What is started early for a command line, and what a launch with it reports. */
const prepare = (t: ExecutionContext, ...words: readonly string[]) => {
	const script = path.join(temporaryFolder(t), 'supervisor.cjs');
	writeFileSync(script, supervisor);
	const early = startEarly([process.execPath, script, ...words]);
	t.teardown(() => early?.dismiss());
	const launch = async (
		flags: readonly string[],
		environment: Readonly<Record<string, string | undefined>> = process.env,
	) => {
		const reports: unknown[] = [];
		for await (const report of launchSupervisor({order, flags, environment, script, early})) {
			reports.push(report);
		}
		return reports;
	};
	return {early, script, launch};
};

const note = (text: string) => [{report: 'note', text}];

test('only a plain start has a supervisor before its time', t => {
	for (const words of [['stop'], ['-C', 'start', 'status'], ['start', 'word'], []]) {
		t.is(prepare(t, ...words).early, undefined, words.join(' '));
	}
	t.truthy(prepare(t, '-C', 'conf', 'start').early);
});

test('the early supervisor is the one that gets the order', async t => {
	const {early, script, launch} = prepare(t, '-C', 'conf', 'start');
	t.deepEqual(await launch(['-C', 'conf']), note('-C conf supervise'));
	const command = {script, words: ['-C', 'conf', 'supervise'], environment: {...process.env}};
	t.is(early?.take(command), undefined, 'it is taken');
});

test('another one is started where the words or the environment differ', async t => {
	const words = prepare(t, '-C', 'conf', 'start');
	t.deepEqual(await words.launch(['-C', 'other']), note('-C other supervise'));
	const command = {script: words.script, words: ['-C', 'conf', 'supervise']};
	const waiting = words.early?.take({...command, environment: {...process.env}});
	t.truthy(waiting, 'it still waited');
	waiting?.pipe.destroy();
	const environment = prepare(t, '-C', 'conf', 'start');
	const other = {...process.env, ZEOCTL_TEST_WORD: 'of the conf'};
	t.deepEqual(await environment.launch(['-C', 'conf'], other), note('-C conf supervise'));
});

test('it is taken once, and not after it was dismissed', async t => {
	const {early, script} = prepare(t, 'start');
	const command = {script, words: ['supervise'], environment: {...process.env}};
	const taken = early?.take(command);
	const pid = taken?.child.pid ?? 0;
	t.is(early?.take(command), undefined);
	t.true(existsSync(`/proc/${pid}`));
	const gone = new Promise(resolve => taken?.child.once('exit', resolve));
	// Nobody else here waits for it.
	taken?.child.ref();
	await early?.dismiss();
	t.true(existsSync(`/proc/${pid}`), 'it belongs to its taker');
	taken?.pipe.destroy();
	t.is(await gone, 0, 'and leaves when that has gone');

	const other = prepare(t, 'start').early;
	await other?.dismiss();
	t.is(other?.take(command), undefined);
});
