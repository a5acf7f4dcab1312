import test from 'ava';
import {parseArguments} from '../../src/cli/arguments.js';

const surroundings = {
	isDirectory: (path: string) => path === '/srv',
	exists: () => false,
	homeOf: () => '/home/zope',
};
const parse = (...words: string[]) => parseArguments(words, surroundings);

const overrides = test.macro((t, words: readonly string[], expected: object) => {
	t.deepEqual(parse(...words).overrides, expected);
});

const refuses = test.macro((t, words: readonly string[], message: string) => {
	t.throws(() => parse(...words), {message, code: 'USAGE'});
});

test('numbers are converted', overrides, ['-b', ' 1_0 ', '-T7'], {
	backoffLimit: 10,
	startTimeout: 7,
});
test('a umask is octal', overrides, ['-m', '0o27'], {umask: 0o27});
test('exit codes are a list', overrides, ['-x', '0, -1'], {exitCodes: [0, -1]});
test('an empty list of exit codes is one', overrides, ['-x', ''], {exitCodes: []});
test('a program is split into words', overrides, ['-p', ' sleep  10 '], {program: ['sleep', '10']});
test('a program may be empty', overrides, ['-p', ''], {program: []});
test('flags are set', overrides, ['-df'], {daemon: true, forever: true});
test('a schema is accepted and means nothing', overrides, ['-S', 'a', '-S', 'b'], {});
test('a folder that may be made is accepted', overrides, ['-z', '/srv/new'], {
	directory: '/srv/new',
});
test('a socket in a folder that may be made', overrides, ['-s', '/srv/new/s'], {
	socketName: '/srv/new/s',
});
test('a transcript needs no folder', overrides, ['-t', '/no/t'], {transcript: '/no/t'});
test('the same value twice is fine', overrides, ['-C', 'a', '--configure=a'], {configFile: 'a'});
test('values are compared after conversion', overrides, ['-m', '27', '-m', '0o27'], {umask: 0o27});
test('lists are compared by their members', overrides, ['-x1,2', '-x', '1, 2'], {
	exitCodes: [1, 2],
});
test('overrides of keys are collected', overrides, ['-C', 'a', '-Xa=1', '-X', 'b=2'], {
	configFile: 'a',
	specifiers: ['a=1', 'b=2'],
});

test(
	'two values of one flag',
	refuses,
	['-C', 'a', '-C', 'b'],
	"conflicting command line option '-C'",
);
test(
	'two values in two spellings',
	refuses,
	['-b1', '--backoff=2'],
	"conflicting command line option '--backoff-limit'",
);
test('two lists of exit codes', refuses, ['-x1', '-x1,2'], "conflicting command line option '-x'");
test(
	'no number',
	refuses,
	['-b', 'abc'],
	"invalid value for -b 'abc': invalid literal for int() with base 10: 'abc'",
);
test(
	'a value with a quote',
	refuses,
	['-b', "a'c"],
	`invalid value for -b "a'c": invalid literal for int() with base 10: "a'c"`,
);
test(
	'a digit too high for a umask',
	refuses,
	['-m', '9'],
	"invalid value for -m '9': invalid literal for int() with base 8: '9'",
);
test(
	'a blank between exit codes',
	refuses,
	['-x', '0 2'],
	"invalid value for -x '0 2': invalid literal for int() with base 10: '0 2'",
);
test(
	'a folder without a parent',
	refuses,
	['-z', 'new'],
	"invalid value for -z 'new': new is not an existing directory",
);
test(
	'a socket too deep',
	refuses,
	['-s', '/no/a/b'],
	"invalid value for -s '/no/a/b': The directory named as part of the path /no/a/b does not exist.",
);
test(
	'overrides without a file',
	refuses,
	['-Xa=b', '-p', 'x'],
	'configuration overrides (-X) cannot be used without a configuration file',
);

test('help ends the flags where it is met', t => {
	t.is(parse('-h', '-C', 'a', '-C', 'b').asksFor, 'help');
	t.throws(() => parse('-C', 'a', '-C', 'b', '-h'));
});

test('the syntax of all flags is checked before help', t => {
	t.throws(() => parse('-h', '-q'), {message: 'option -q not recognized'});
});

test('version is asked for by a flag', t => {
	t.is(parse('--version').asksFor, 'version');
});

test('the words before the action are kept as they were typed', t => {
	const {flags, words, json} = parse('-dC', 'a', '--json', 'start', '-l', 'x');
	t.deepEqual(flags, ['-dC', 'a', '--json']);
	t.deepEqual(words, ['start', '-l', 'x']);
	t.true(json);
});
