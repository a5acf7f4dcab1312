import test from 'ava';
import {parseAction, takeJson} from '../../src/cli/action.js';

const splits = test.macro(
	(t, words: readonly string[], name: string, argumentWords: readonly string[]) => {
		const action = parseAction(words);
		t.is(action.name, name);
		t.deepEqual(action.argumentWords, argumentWords);
	},
);

test('words follow the action', splits, ['kill', 'USR1'], 'kill', ['USR1']);
test('an argument may be glued', splits, ['status-l'], 'status', ['-l']);
test('an underscore belongs to the action', splits, ['status_x'], 'status_x', []);
test('our own action with a hyphen', splits, ['accept-database', 'main'], 'accept-database', [
	'main',
]);
test('only as a whole word', splits, ['accept-databases'], 'accept', ['-databases']);
test('a question mark is help', splits, ['?', 'kill'], 'help', ['kill']);
test('a glued question mark is help', splits, ['?kill'], 'help', ['kill']);
test('blanks before the action are ignored', splits, ['  status'], 'status', []);
test('one word may hold the argument', splits, ['kill USR1'], 'kill', ['USR1']);
test('an exclamation mark begins no action', splits, ['!ls'], '', ['!ls']);
test('blank words before the action are none', splits, ['', ' ', 'kill', '9'], 'kill', ['9']);
test('blank words alone are an empty action', splits, ['', ' '], '', []);
test('an empty action is empty', splits, [''], '', []);

test('the words of the program are verbatim', t => {
	t.deepEqual(parseAction(['start', 'two words', '']).programArguments, ['two words', '']);
	t.deepEqual(parseAction(['', 'start', '']).programArguments, ['']);
});

test('json is taken from anywhere', t => {
	const {json, action} = takeJson(parseAction(['status', '-l', '--json']), 'anywhere');
	t.true(json);
	t.deepEqual(action.argumentWords, ['-l']);
});

test('json directly after start is ours, later it is the program’s', t => {
	const first = takeJson(parseAction(['start', '--json', '--json']), 'first');
	t.true(first.json);
	t.deepEqual(first.action.programArguments, ['--json']);
	const later = takeJson(parseAction(['start', 'x', '--json']), 'first');
	t.false(later.json);
	t.deepEqual(later.action.programArguments, ['x', '--json']);
});

test('json after fg is the program’s', t => {
	const {json, action} = takeJson(parseAction(['fg', '--json']), 'never');
	t.false(json);
	t.deepEqual(action.programArguments, ['--json']);
});
