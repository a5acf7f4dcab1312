import test from 'ava';
import {renderForTerminal} from '../../src/platform/terminal-text.js';

test('printable text of any language stays as it is', t => {
	for (const text of ['', "Error: 'bogus'", '\tindented', 'größe 大きさ 🐘', 'back\\slash']) {
		t.is(renderForTerminal(text), text);
	}
});

test('colours, cursor movements and window titles are removed', t => {
	t.is(renderForTerminal('\u001b[1;31mError\u001b[0m: no'), 'Error: no');
	t.is(renderForTerminal('a\u001b[2J\u001b[Hb'), 'ab');
	t.is(renderForTerminal('\u001b]0;owned\u0007text'), 'text');
	t.is(renderForTerminal('\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\'), 'link');
	t.is(renderForTerminal('\u009b31mred'), 'red');
});

test('other control characters are shown', t => {
	t.is(renderForTerminal('a\rb\nc\u0007'), 'a\\x0db\\x0ac\\x07');
	t.is(renderForTerminal('\u001b'), '\\x1b');
	t.is(renderForTerminal('abc\u202egfe'), 'abc\\u202egfe');
	t.is(renderForTerminal('\ud800'), '\\ud800');
});

test('no random text leaves a control character, and escaping twice changes nothing', t => {
	let state = 3;
	const random = (limit: number) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return (state >>> 8) % limit;
	};

	const alphabet = [
		...'\u001b[]0;m\\\u0007\u009b\u009c\u009d\n\r\t\u202e\u2028\u200f ab',
		'\ud800',
		'\udfff',
		'🐘',
	];
	for (let round = 0; round < 20_000; round++) {
		const text = Array.from({length: random(24)}, () =>
			random(8) === 0
				? String.fromCharCode(random(0x3_000))
				: (alphabet[random(alphabet.length)] ?? ''),
		).join('');
		const safe = renderForTerminal(text);
		t.false(/[^\t\P{Cc}]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u.test(safe));
		t.is(renderForTerminal(safe), safe);
	}
});
