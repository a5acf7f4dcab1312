import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {main} from '../../src/cli/main.js';
import type {Contact} from '../../src/control/session.js';
import {ZeoctlError} from '../../src/platform/errors.js';
import {orderVariable} from '../../src/program/environment.js';
import type {LaunchReport} from '../../src/supervisor/report.js';
import {fakeSession, fakeSystem, reached, type Scene} from '../helpers/fake-system.js';
import {runningStatus} from '../helpers/statuses.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const unit = 'zeo-app.service';
const good = {exitCode: 0, stdout: '', stderr: ''};

/** Runs a command about an instance whose conf has an installed unit. */
const type = async (t: ExecutionContext, words: readonly string[], scene: Scene = {}) => {
	const conf = path.join(temporaryFolder(t), 'app.conf');
	writeFileSync(conf, '<runner>\n  program sleep 100\n</runner>\n');
	const system = fakeSystem(['-C', conf, ...words], {ownUnit: unit, ...scene});
	const code = await main(system);
	const tools = system.deeds.filter(deed => /^(?:systemctl|journalctl|launch) /.test(deed));
	return {code, tools, ...system.written, deeds: system.deeds};
};

async function* up(): AsyncGenerator<LaunchReport> {
	yield {report: 'status', status: runningStatus()};
}

/** Nobody is there until systemd has been asked to start. */
const startable = (): Scene => {
	let contact: Contact = {contact: 'absent'};
	return {
		contact: () => contact,
		runTool: async () => {
			const session = fakeSession();
			session.feed.push(runningStatus());
			contact = reached(session);
			return good;
		},
	};
};

test('a start goes through systemd', async t => {
	const {code, tools, stdout} = await type(t, ['start'], startable());
	t.is(code, 0);
	t.deepEqual(tools, [`systemctl --no-ask-password start ${unit}`]);
	t.is(stdout, '\ndaemon process started, pid=111\n');
});

test('so does a restart of what does not run', async t => {
	const {code, tools} = await type(t, ['restart'], startable());
	t.is(code, 0);
	t.deepEqual(tools, [`systemctl --no-ask-password start ${unit}`]);
});

test('root stays root to ask systemd', async t => {
	const {deeds} = await type(t, ['start'], {...startable(), euid: 0});
	t.false(deeds.some(deed => deed.startsWith('setuid')));
});

test('what runs already is left alone', async t => {
	const contact = reached(fakeSession());
	const {code, tools, stdout} = await type(t, ['start'], {contact});
	t.is(code, 0);
	t.deepEqual(tools, []);
	t.is(stdout, 'daemon process already running; pid=111\n');
});

test('a program that is down under its supervisor is started by that', async t => {
	const session = fakeSession(runningStatus({state: 'failed', pid: null}));
	session.feed.push(runningStatus());
	const {code, tools} = await type(t, ['start'], {contact: reached(session)});
	t.is(code, 0);
	t.deepEqual(tools, []);
	t.deepEqual(session.asked, [{request: 'start'}]);
});

const denial = (stderr: string) => async () => ({exitCode: 1, stdout: '', stderr});

for (const words of ['Access denied', 'Interactive authentication required.']) {
	test(`without the right to start it the line for sudo is shown: ${words}`, async t => {
		const runTool = denial(`Failed to start ${unit}: ${words}\n`);
		const {code, stderr} = await type(t, ['start'], {runTool});
		t.is(code, 4);
		t.regex(stderr, /^next: sudo systemctl start zeo-app\.service$/m);
	});
}

test('whoever may not talk to the supervisor is told to use sudo, too', async t => {
	const contact = new ZeoctlError('PERMISSION', 'cannot connect: permission denied');
	const runTool = denial('Access denied');
	const {code, stderr} = await type(t, ['start'], {contact, runTool});
	t.is(code, 4);
	t.regex(stderr, /sudo systemctl start/);
});

test('a start that fails says what the journal says', async t => {
	const runTool: Scene['runTool'] = async ([program]) =>
		program === 'journalctl'
			? {...good, stdout: 'Error: cannot start the program: no such file\nnext: look\n'}
			: {...good, exitCode: 1, stderr: `Job for ${unit} failed.\n`};
	const {code, stdout, stderr} = await type(t, ['start'], {runTool});
	t.is(code, 1);
	t.is(stdout, '\ndaemon manager not running\n');
	t.is(stderr, `Error: cannot start ${unit}: no such file\nnext: journalctl -b -u ${unit}\n`);
});

test('without a journal it says what systemctl says', async t => {
	const runTool: Scene['runTool'] = async ([program]) =>
		program === 'journalctl'
			? {exitCode: 127, stdout: '', stderr: ''}
			: {...good, exitCode: 1, stderr: `Job for ${unit} failed.\n`};
	const {stderr} = await type(t, ['start', '--json'], {runTool});
	t.is(stderr, '');
	const {stdout} = await type(t, ['start', '--json'], {runTool});
	t.is(JSON.parse(stdout).error.message, `cannot start ${unit}: Job for ${unit} failed.`);
});

test('words that the service would not hear of are refused', async t => {
	for (const words of [
		['start', 'more'],
		['-f', 'start'],
		['-b', '5', 'start'],
	]) {
		const {code, tools, stderr} = await type(t, words);
		t.is(code, 2);
		t.deepEqual(tools, []);
		t.regex(stderr, /starts the conf as it is/);
	}
	t.is((await type(t, ['-d', 'start'], startable())).code, 0);
});

test('what systemd itself calls for the service does not ask systemd again', async t => {
	const scene = {unitOfProcess: () => unit, reports: up()};
	const {code, tools} = await type(t, ['start'], scene);
	t.is(code, 0);
	t.regex(tools.join(), /^launch /);
	t.deepEqual((await type(t, ['stop'], scene)).tools, []);
});

test('a stop takes back the start that systemd is about to make', async t => {
	const stdout = 'auto-restart\n';
	const {code, tools} = await type(t, ['stop'], {runTool: async () => ({...good, stdout})});
	t.is(code, 0);
	t.is(tools.at(-1), `systemctl --no-ask-password stop ${unit}`);
	const runTool: Scene['runTool'] = async words =>
		words.includes('show') ? {...good, stdout} : {...good, exitCode: 4, stderr: 'Access denied'};
	const denied = await type(t, ['stop'], {runTool});
	t.is(denied.code, 4);
	t.regex(denied.stderr, /sudo systemctl stop zeo-app\.service/);
});

test('any other stop is between us and the supervisor', async t => {
	const {code, tools} = await type(t, ['stop'], {
		runTool: async () => ({...good, stdout: 'dead\n'}),
	});
	t.is(code, 0);
	t.deepEqual(tools, [`systemctl show --property=SubState --value ${unit}`]);
});

test('a supervisor beside the service is refused', async t => {
	const {code, stderr} = await type(t, ['supervise']);
	t.is(code, 5);
	t.regex(stderr, /^next: sudo systemctl start zeo-app\.service$/m);
	const other = await type(t, ['supervise'], {unitOfProcess: () => 'my.service'});
	t.is(other.code, 5);
});

test('reading the conf for a reload is not supervising', async t => {
	const {code, stdout} = await type(t, ['supervise'], {environment: {[orderVariable]: '1'}});
	t.is(code, 0);
	t.is(JSON.parse(stdout).settings.runner.program[0], 'sleep');
});
