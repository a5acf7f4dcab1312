import test from 'ava';
import {renderForJournal} from '../../src/systemd/journal.js';

const levels = [
	[10, 7],
	[20, 6],
	[30, 4],
	[40, 3],
	[50, 2],
] as const;

for (const [level, priority] of levels) {
	test(`level ${level} has priority ${priority} in the journal`, t => {
		t.is(renderForJournal(level, 'words\n'), `<${priority}>words\n`);
	});
}

test('every line has its priority, whatever it says itself', t => {
	t.is(renderForJournal(30, 'one\n<0>two\r\n\nthree'), '<4>one\n<4><0>two\n<4>three\n');
});

test('what could fool a terminal is shown, not sent', t => {
	t.is(renderForJournal(20, 'a\u001b[31mb\u0007\rc'), '<6>ab\\x07\\x0dc\n');
});
