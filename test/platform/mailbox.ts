import test from 'ava';
import {parseMailbox} from '../../src/platform/mailbox.js';
import {hostileTexts} from '../helpers/hostile-text.js';

for (const [text, name, address] of [
	['a@b.example', '', 'a@b.example'],
	['root', '', 'root'],
	['The Admins <a@b.example>', 'The Admins', 'a@b.example'],
	['"Doe, Jane" <jane@b.example>', 'Doe, Jane', 'jane@b.example'],
	['Jörg <jörg@bücher.example>', 'Jörg', 'jörg@bücher.example'],
] as const) {
	test(`${text} is an address`, t => {
		t.deepEqual(parseMailbox(text), {name, address});
	});
}

for (const text of [
	'',
	'a b',
	'a@',
	'@b',
	'a@b@c',
	'-f x',
	'a@b\nBcc: c@d',
	'a@b, c@d',
	'<a@b',
	'a@b>',
]) {
	test(`${JSON.stringify(text)} is none`, t => {
		t.is(parseMailbox(text), undefined);
	});
}

test('no address holds what would end its header or begin an option', t => {
	for (const text of hostileTexts(20_000)) {
		for (const candidate of [text, `${text}@example.org`, `${text} <a@example.org>`, `a@${text}`]) {
			const {name, address} = parseMailbox(candidate) ?? {name: '', address: ''};
			t.false(/[\u0000-\u001f\u007f-\u009f\u2028\u2029<>"\\]/.test(name + address), candidate);
			t.false(/^-|\s/.test(address), candidate);
		}
	}
});
