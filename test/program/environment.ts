import test from 'ava';
import {programEnvironment} from '../../src/program/environment.js';

test('the program gets the environment of the caller', t => {
	t.deepEqual(programEnvironment({PATH: '/bin', LANG: 'C'}, {}), {PATH: '/bin', LANG: 'C'});
});

test('what the conf sets beats the caller', t => {
	t.deepEqual(programEnvironment({A: '1'}, {A: '2', EMPTY: ''}), {A: '2', EMPTY: ''});
});

test('variables that are meant for the supervisor do not reach the program', t => {
	const ours = {
		NODE_OPTIONS: 'x',
		NODE_EXTRA_CA_CERTS: 'x',
		npm_config_registry: 'x',
		NOTIFY_SOCKET: 'x',
		LISTEN_FDS: '1',
		WATCHDOG_USEC: '1',
		DAEMON_MANAGER_MODE: '1',
		ZEOCTL_REPORT_FD: '3',
		ZEOCTL_NOTIFY: '4',
	};
	t.deepEqual(programEnvironment({...ours, HOME: '/h'}, {}), {HOME: '/h'});
});

test('a variable of ours that the conf sets on purpose stays', t => {
	t.deepEqual(programEnvironment({}, {NODE_OPTIONS: '--trace'}), {NODE_OPTIONS: '--trace'});
});
