import test from 'ava';
import {findEncoder} from '../../src/platform/text-encoding.js';

const encodes = test.macro({
	exec(t, name: string | undefined, expected: string) {
		t.is(findEncoder(name)('aé€𝄞').toString('hex'), expected);
	},
	title: (_, name, expected) => `${name ?? 'no encoding'} gives ${expected}`,
});

test(encodes, undefined, '61c3a9e282acf09d849e');
test(encodes, 'UTF-8', '61c3a9e282acf09d849e');
test(encodes, 'ascii', '613f3f3f');
test(encodes, 'iso-8859-1', '61e93f3f');
test(encodes, 'latin_1', '61e93f3f');
test(encodes, 'iso8859-15', '61e9a43f');
test(encodes, 'cp1252', '61e9803f');
test(encodes, 'koi8-r', '613f3f3f');
test(encodes, 'utf-16-le', '6100e900ac2034d81edd');

test('an encoding that is not known is refused', t => {
	t.throws(() => findEncoder('klingon'), {message: 'unknown encoding: klingon'});
	t.throws(() => findEncoder('shift_jis'), {message: 'unknown encoding: shift_jis'});
});
