import test from 'ava';
import {judgeHealth, judgeStatus} from '../../../../src/cli/doctor/checks/supervisor.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import type {Health, StateName, Status} from '../../../../src/control/messages.js';
import {ZeoctlError} from '../../../../src/platform/errors.js';
import {examination} from '../../../helpers/examined.js';
import {fakeSession, reached} from '../../../helpers/fake-system.js';
import {runningStatus} from '../../../helpers/statuses.js';

const zeoctl = (...words: readonly string[]): string => ['zeoctl', ...words].join(' ');

const state = test.macro((t, name: StateName, expected: Level, command?: string) => {
	const [finding] = judgeStatus(runningStatus({state: name}), zeoctl);
	t.is(finding?.level, expected);
	t.is(finding?.command, command);
});

test('a program that runs is fine', state, 'running', 'ok');
test('a program that starts is fine', state, 'starting', 'ok');
test('a program that is down can be started', state, 'stopped', 'warning', 'zeoctl start');
test('a program in back-off is an error', state, 'backoff', 'error', 'zeoctl history');
test('a program that was given up is an error', state, 'failed', 'error', 'zeoctl history');

const health: Health = {
	verdict: 'ready',
	...{since: 0, reason: null, activities: [], alarms: [], lastRestart: null},
};

test('a server that answers is fine', t => {
	t.is(judgeHealth(health, zeoctl)[0]?.level, 'ok');
});

test('a server that does not answer is an error, and its alarms are told, too', t => {
	const alarm = {alarm: 'disk', level: 'alarm', since: 0, text: 'no room', advice: null} as const;
	const found = judgeHealth({...health, verdict: 'failed', alarms: [alarm]}, zeoctl);
	t.deepEqual(
		found.map(({level}) => level),
		['error', 'error'],
	);
});

test('a notice is a warning', t => {
	const notice = {alarm: 'x', level: 'notice', since: 0, text: 'empty', advice: 'look'} as const;
	const [finding] = judgeHealth({...health, alarms: [notice]}, zeoctl);
	t.like(finding, {level: 'warning', message: 'empty', advice: 'look'});
});

/** The status of the helper is of this program. */
const conf = '<runner>\n  program sleep 100\n  socket-name sock\n</runner>\n';

const loaded = test.macro(
	async (
		t,
		configuration: Partial<NonNullable<Status['configuration']>>,
		level: Level,
		command?: string,
	) => {
		const whole = {state: 'loaded', since: null, files: ['z.conf'], problem: null} as const;
		const status = runningStatus({configuration: {...whole, needsRestart: [], ...configuration}});
		const {findings} = examination(t, {conf, scene: {contact: reached(fakeSession(status))}});
		const [finding] = await findings('loaded');
		t.is(finding?.level, level);
		t.is(finding?.command, command && `zeoctl -C z.conf ${command}`);
	},
);

test('a conf that is loaded', loaded, {}, 'ok');
test('a conf that has changed can be loaded', loaded, {state: 'changed'}, 'warning', 'reload');
test('a conf that cannot be loaded', loaded, {state: 'invalid', problem: 'x'}, 'error', 'check');
test('a program with old settings', loaded, {needsRestart: ['umask']}, 'warning', 'restart');

test('another program than that of the conf', async t => {
	const {levels} = examination(t, {scene: {contact: reached(fakeSession())}});
	t.regex((await levels('loaded'))[0] ?? '', /^warning: .*another program/);
});

const version = test.macro(async (t, found: string | null, expected: Level, command?: string) => {
	const scene = {contact: reached(fakeSession(runningStatus({version: found})))};
	const [finding] = await examination(t, {conf, scene}).findings('supervisor-version');
	t.is(finding?.level, expected);
	t.is(finding?.command, command && `zeoctl -C z.conf ${command}`);
});

test('a supervisor of this version', version, '1.2.3', 'ok');
test('a supervisor of another version is to be replaced', version, '0.0.1', 'warning', 'reload');
test('a zdaemon manager is to be stopped', version, null, 'warning', 'stop');

test('a supervisor that cannot be asked is an error for its own user', async t => {
	const contact = new ZeoctlError('SUPERVISOR_HUNG', 'it hangs', {hint: 'kill -CONT 1'});
	const [finding] = await examination(t, {conf, scene: {contact}}).findings('supervisor');
	t.deepEqual(finding, {level: 'error', message: 'it hangs', command: 'kill -CONT 1'});
});

test('for somebody else it is only not known', async t => {
	const contact = new ZeoctlError('PERMISSION', 'it may not be used');
	const other = conf.replace('</runner>', '  user daemon\n</runner>');
	const [finding] = await examination(t, {conf: other, scene: {contact}}).findings('supervisor');
	t.is(finding?.level, 'unknown');
});
