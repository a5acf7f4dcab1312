import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {launchSupervisor} from '../../src/cli/launch.js';
import {settingsFor} from '../helpers/failures.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

/** Everything that a supervisor reports which is this program. */
const reportsOf = async (t: ExecutionContext, program: string): Promise<readonly unknown[]> => {
	const script = path.join(temporaryFolder(t), 'supervisor.cjs');
	writeFileSync(script, program);
	const order = {settings: settingsFor(['sleep', '1']), programArguments: []};
	const reports: unknown[] = [];
	for await (const report of launchSupervisor({order, flags: [], environment: {}, script})) {
		reports.push(report);
	}
	return reports;
};

test('a supervisor that is killed before it has read its order has reported nothing', async t => {
	// It waits for the order without taking it: the connection is broken then, not ended.
	const program = `require('node:child_process').spawnSync('sh', ['-c', 'sleep 0.2']);
process.kill(process.pid, 'SIGKILL');`;
	t.deepEqual(await reportsOf(t, program), []);
});

test('what a supervisor has reported before it is killed counts', async t => {
	const note = JSON.stringify({report: 'note', text: 'taken'});
	const program = `const fs = require('node:fs');
fs.readSync(3, Buffer.alloc(100_000));
fs.writeSync(3, ${JSON.stringify(`${note}\n{"half`)});
process.kill(process.pid, 'SIGKILL');`;
	t.deepEqual(await reportsOf(t, program), [{report: 'note', text: 'taken'}]);
});
