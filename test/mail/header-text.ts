import test from 'ava';
import {renderForHeader, renderForIdentifier} from '../../src/mail/header-text.js';
import {commandsTerminal, hostileTexts} from '../helpers/hostile-text.js';

test('a header is one line', t => {
	t.is(renderForHeader('main\r\nBcc: x@example.org'), 'main\\x0d\\x0aBcc: x@example.org');
});

test('a header has a length that servers take', t => {
	t.is([...renderForHeader('🐘'.repeat(1000))].length, 300);
});

test('no text leaves its header', t => {
	for (const text of hostileTexts(20_000)) {
		const safe = renderForHeader(text);
		t.false(/[\r\n\t\0]/.test(safe), text);
		t.false(commandsTerminal(safe), text);
		t.true([...safe].length <= 300);
	}
});

test('an identifier keeps what it can', t => {
	t.is(renderForIdentifier('größe main_1.example'), 'gro-e-main-1.example');
	t.is(renderForIdentifier('大きさ'), 'unnamed');
});

test('no text leaves its identifier', t => {
	for (const text of hostileTexts(20_000)) {
		t.regex(renderForIdentifier(text), /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/);
	}
});
