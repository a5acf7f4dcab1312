import test from 'ava';
import {splitOptions} from '../../src/cli/getopt.js';
import {askPython} from '../helpers/ask-python.js';

const splits = test.macro(
	(t, words: readonly string[], options: readonly string[], rest: readonly string[]) => {
		const split = splitOptions(words);
		t.deepEqual(
			split.options.map(({spelling, value}) => `${spelling}=${value}`),
			options,
		);
		t.deepEqual(split.rest, rest);
	},
);

const refuses = test.macro((t, words: readonly string[], message: string) => {
	t.throws(() => splitOptions(words), {message, code: 'USAGE'});
});

test('a value may stand alone', splits, ['-b', '3', 'x'], ['-b=3'], ['x']);
test('a value may be glued', splits, ['-b3'], ['-b=3'], []);
test('short options may be bundled', splits, ['-fd'], ['-f=', '-d='], []);
test('a bundle may end with a value', splits, ['-fb3'], ['-f=', '-b=3'], []);
test('a glued value may look like options', splits, ['-Cfd'], ['-C=fd'], []);
test('a separate value may look like an option', splits, ['-C', '-d'], ['-C=-d'], []);
test(
	'a long option takes = or the next word',
	splits,
	['--umask=7', '--umask', '8'],
	['--umask=7', '--umask=8'],
	[],
);
test('the value after = may be empty', splits, ['--user='], ['--user='], []);
test(
	'an abbreviation of an option of zdaemon stays one beside a newer option',
	splits,
	['--st=5', '--start=6', '--stop-timeout=7'],
	['--start-timeout=5', '--start-timeout=6', '--stop-timeout=7'],
	[],
);
test('a newer option must be spelled out', refuses, ['--stop=7'], 'option --stop not recognized');
test(
	'an unambiguous prefix is enough',
	splits,
	['--conf=a', '--dae'],
	['--configure=a', '--daemon='],
	[],
);
test(
	'options stop at the first other word',
	splits,
	['-f', 'start', '-d'],
	['-f='],
	['start', '-d'],
);
test('two dashes end the options', splits, ['-f', '--', '-d'], ['-f='], ['-d']);
test('one dash is a word', splits, ['-', '-d'], [], ['-', '-d']);
test('an empty word is a word', splits, ['', '-d'], [], ['', '-d']);

test('an unknown letter', refuses, ['-q'], 'option -q not recognized');
test('an unknown letter in a bundle', refuses, ['-fq'], 'option -q not recognized');
test('a colon is no option', refuses, ['-:'], 'option -: not recognized');
test('an unknown long option', refuses, ['--frob'], 'option --frob not recognized');
test('a missing value', refuses, ['-C'], 'option -C requires argument');
test(
	'a missing value of a long option',
	refuses,
	['--conf'],
	'option --configure requires argument',
);
test('a value too many', refuses, ['--daemon=3'], 'option --daemon must not have an argument');
test('an ambiguous prefix', refuses, ['--s'], 'option --s not a unique prefix');
test('a prefix of everything', refuses, ['--=x'], 'option -- not a unique prefix');

test('random command lines are split as the original splits them', t => {
	const lines = randomLines(5000, 20_261_123);
	const expected = askPython(t, {script: 'getopt_split.py', input: lines});
	if (!Array.isArray(expected)) return;
	for (const [index, words] of lines.entries())
		t.deepEqual(ourSplit(words), expected[index], JSON.stringify(words));
});

const ourSplit = (words: readonly string[]) => {
	try {
		const {options, rest} = splitOptions(words);
		return {options: options.map(({spelling, value}) => [spelling, value]), rest};
	} catch (error) {
		return {error: (error as Error).message};
	}
};

const pieces = [
	...['-', '--', '', '=', ':', 'x', 'start', '-f', '-d', '-h', '-b', '-C', '-X', '-q', '-S', '-fd'],
	...[
		'--c',
		'--conf',
		'--configure',
		'--d',
		'--da',
		'--s',
		'--so',
		'--st',
		'--version',
		'--u',
		'--h',
	],
	...['3', '=3', '-1', 'ä', '--forever', '--backoff-limit', '--exit', '\n', ' '],
];

/** Command lines of glued pieces; the same for the same seed. Our own `--json` is not among them. */
const randomLines = (count: number, seed: number): string[][] => {
	let state = seed;
	const below = (limit: number): number => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
		return (state >>> 8) % limit;
	};
	const word = (): string =>
		Array.from({length: 1 + below(2)}, () => pieces[below(pieces.length)]).join('');
	return Array.from({length: count}, () => Array.from({length: below(5)}, word));
};
