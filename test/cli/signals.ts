import test from 'ava';
import {parseSignal} from '../../src/cli/signals.js';

const means = test.macro((t, text: string, name: string, number: number) => {
	t.deepEqual(parseSignal(text), {name, number});
});
const isNone = test.macro((t, text: string) => {
	t.is(parseSignal(text), undefined);
});

test('a full name', means, 'SIGHUP', 'SIGHUP', 1);
test('a name without SIG', means, 'HUP', 'SIGHUP', 1);
test('a name in lower case', means, 'sigusr2', 'SIGUSR2', 12);
test('a name as Python prints it', means, 'Signals.SIGHUP', 'SIGHUP', 1);
test('a number', means, '9', 'SIGKILL', 9);
test('a number with blanks, a sign and an underscore', means, ' +1_0 ', 'SIGUSR1', 10);
test('a number in other digits', means, '１５', 'SIGTERM', 15);
test('the first of two names: 6', means, '6', 'SIGABRT', 6);
test('the first of two names: 17', means, '17', 'SIGCHLD', 17);
test('the first of two names: 29', means, '29', 'SIGIO', 29);
test('an alias keeps its name', means, 'CLD', 'SIGCLD', 17);
test('the first real-time signal', means, '34', 'SIGRTMIN', 34);
test('the last real-time signal', means, '64', 'SIGRTMAX', 64);

for (const text of [
	'',
	'ded',
	'USR3',
	'0',
	'-5',
	'35',
	'65',
	'1.5',
	'0x12',
	'SIG_DFL',
	'_IGN',
	'CONT x',
	'constructor',
	'__proto__',
])
	test(`no signal: '${text}'`, isNone, text);
