import test from 'ava';
import {renderForHtml} from '../../src/report/html-text.js';
import {commandsTerminal, hostileTexts} from '../helpers/hostile-text.js';

test('what means something in HTML is written as itself', t => {
	t.is(
		renderForHtml(`<a href="x">'&'</a>`),
		'&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;',
	);
});

test('control and direction characters are shown', t => {
	t.is(renderForHtml('a\nb\u202ec\0'), 'a\\x0ab\\u202ec\\x00');
});

test('no text opens a tag, ends an attribute or begins an entity of its own', t => {
	for (const text of hostileTexts(20_000)) {
		const safe = renderForHtml(text);
		t.false(/[<>"'\n\r]/.test(safe), text);
		t.false(/&(?!(?:amp|lt|gt|quot|#39);)/.test(safe), text);
		t.false(commandsTerminal(safe), text);
	}
});
