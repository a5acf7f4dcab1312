import test from 'ava';
import {splitProgram} from '../../src/schema/program-words.js';
import {splitWords} from '../../src/zconfig/python-text.js';
import {seededRandom} from '../helpers/seeded-random.js';

for (const [text, expected] of [
	['sleep  100', ['sleep', '100']],
	['', []],
	['sh -c "exit 3"', ['sh', '-c', 'exit 3']],
	["sh -c 'exit 3'", ['sh', '-c', 'exit 3']],
	['"/opt/my server/bin" -x', ['/opt/my server/bin', '-x']],
	['echo "a" \'b\'', ['echo', '"a"', "'b'"]],
	['echo "" x', ['echo', '""', 'x']],
	["echo it's o'clock", ['echo', "it's", "o'clock"]],
	['echo --name="two words"', ['echo', '--name="two', 'words"']],
	['echo "a b"c "d e"', ['echo', 'a b"c "d e']],
	['echo "open and never closed', ['echo', '"open', 'and', 'never', 'closed']],
	['echo "a \'b\' c"', ['echo', "a 'b' c"]],
	['"a b" "c d"', ['a b', 'c d']],
	['a "b\xa0c" d', ['a', 'b\xa0c', 'd']],
	['"a\\" b"', ['"a\\"', 'b"']],
	['" "', [' ']],
	['x"a b"', ['x"a', 'b"']],
] as const) {
	test(`${JSON.stringify(text)} is ${expected.length} words`, t => {
		t.deepEqual(splitProgram(text), [...expected]);
	});
}

test('without quotes the words are those of plain splitting', t => {
	const random = seededRandom(7);
	const letters = ['a', 'b', ' ', '\t', '\xa0', '\\', '$', '-'] as const;
	for (let round = 0; round < 2000; round++) {
		const text = Array.from({length: random.below(12)}, () => random.pick([...letters])).join('');
		t.deepEqual(splitProgram(text), splitWords(text), text);
	}
});

test('quotes around a single word stay as they are', t => {
	const random = seededRandom(8);
	for (let round = 0; round < 2000; round++) {
		const words = Array.from({length: 1 + random.below(5)}, () => {
			const quote = random.pick(['"', "'", '']);
			return `${quote}${random.pick(['x', 'y-z', '1'])}${quote}`;
		});
		t.deepEqual(splitProgram(words.join(' ')), words);
	}
});

test('many quotes cost no time', t => {
	t.is(splitProgram('"a '.repeat(100_000)).length, 100_000);
});
