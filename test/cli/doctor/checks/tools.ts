import test from 'ava';
import {judgeTools} from '../../../../src/cli/doctor/checks/tools.js';

const asRoot = (...words: readonly string[]): string => words.join(' ');
const without = (...missing: readonly string[]) =>
	judgeTools(name => !missing.includes(name), asRoot).map(({level, command}) => [level, command]);

test('with all programs there is nothing to install', t => {
	t.deepEqual(without(), [['ok', undefined]]);
});

test('without flock no second server is kept away', t => {
	t.deepEqual(without('flock'), [['error', 'apt-get install util-linux']]);
});

test('without others something does not work', t => {
	t.deepEqual(without('gzip', 'openssl'), [
		['warning', 'apt-get install gzip'],
		['warning', 'apt-get install openssl'],
	]);
});

test('python3 takes the place of perl', t => {
	t.deepEqual(without('perl'), [['ok', undefined]]);
	t.deepEqual(without('perl', 'python3'), [['warning', 'apt-get install perl-base']]);
});
