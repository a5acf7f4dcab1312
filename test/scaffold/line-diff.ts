import test from 'ava';
import {renderLineDiff} from '../../src/scaffold/line-diff.js';

test('lines that go and come are shown with what stands around them', t => {
	const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
	const after = before.flatMap(line => (line === '8' ? ['eight', 'and'] : [line]));
	t.is(
		renderLineDiff('a.conf', before.join('\n'), after.join('\n')),
		'--- a.conf\n+++ a.conf (new)\n@@\n 5\n 6\n 7\n-8\n+eight\n+and\n 9\n',
	);
});

test('a text that is all new has no other lines', t => {
	t.is(renderLineDiff('a', '', 'x'), '--- a\n+++ a (new)\n-\n+x\n');
});
