import test from 'ava';
import {fillTemplate} from '../../src/generate/template.js';

test('a name is replaced by its value, as it is', t => {
	t.is(fillTemplate('a={{a}}\nb={{b}}\n', {a: '$1 $& {{b}}', b: '2'}), 'a=$1 $& {{b}}\nb=2\n');
});

test('a list repeats its line, an empty one drops it', t => {
	t.is(fillTemplate('x={{x}} {{y}}\nz={{z}}\n', {x: ['1', '2'], y: 'y', z: []}), 'x=1 y\nx=2 y\n');
});

test('a name without a value is an error', t => {
	t.throws(() => fillTemplate('{{unknown}}', {}), {message: /'unknown'/});
	t.throws(() => fillTemplate('{{constructor}}', {}), {message: /'constructor'/});
});

for (const value of ['a\nb', 'a\rb', 'a\0b']) {
	test(`a value with ${JSON.stringify(value[1])} is an error`, t => {
		t.throws(() => fillTemplate('{{a}}', {a: value}), {message: /breaks the line/});
	});
}
