import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {applyLineEdits, renderDiff} from '../../src/settings/line-edits.js';
import {seededRandom} from '../helpers/seeded-random.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('lines go and come, everything else stays', t => {
	const edits = {removed: new Set([2]), appended: ['d']};
	t.is(applyLineEdits('a\n b \nc', edits), 'a\nc\nd\n');
	t.is(applyLineEdits('a\r\nb\r\nc\r\n', edits), 'a\r\nc\r\nd\r\n');
	t.is(applyLineEdits('', {removed: new Set(), appended: ['x']}), 'x\n');
});

test('a diff has three lines around what changes', t => {
	const text = '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n';
	t.is(
		renderDiff('f', text, {removed: new Set([4, 12]), appended: []}),
		'--- f\n+++ f\n@@ -1,7 +1,6 @@\n 1\n 2\n 3\n-4\n 5\n 6\n 7\n@@ -9,4 +8,3 @@\n 9\n 10\n 11\n-12\n',
	);
	t.is(renderDiff('f', text, {removed: new Set(), appended: []}), '');
});

test('a file that is not there is made of nothing', t => {
	t.is(
		renderDiff('f', undefined, {removed: new Set(), appended: ['a', 'b']}),
		'--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n',
	);
});

test('patch makes of a diff what the edits make', t => {
	const folder = temporaryFolder(t);
	const {below} = seededRandom(7);
	for (let round = 0; round < 40; round++) {
		const lines = Array.from({length: 1 + below(30)}, () => `line ${below(5)}`);
		const text = lines.join('\n') + (below(2) === 0 ? '' : '\n');
		const removed = new Set(lines.flatMap((_, index) => (below(5) === 0 ? [index + 1] : [])));
		const edits = {removed, appended: below(2) === 0 ? [] : ['more', 'lines']};
		const diff = renderDiff('f', text, edits);
		if (diff === '') continue;
		writeFileSync(path.join(folder, 'f'), text);
		execFileSync('patch', ['-s', 'f'], {cwd: folder, input: diff, stdio: 'pipe'});
		t.is(readFileSync(path.join(folder, 'f'), 'utf8'), applyLineEdits(text, edits), diff);
	}
});
