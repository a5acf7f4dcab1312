import {closeSync, openSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {descriptorSink, renderJson} from '../../src/cli/output.js';
import {paint} from '../../src/cli/paint.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('a text is written completely before write returns', t => {
	const file = path.join(temporaryFolder(t), 'out');
	const fd = openSync(file, 'w');
	const text = 'ä'.repeat(300_000);
	const sink = descriptorSink(fd);
	sink.write(text);
	closeSync(fd);
	t.false(sink.isTerminal);
	t.is(readFileSync(file, 'utf8'), text);
});

test('the null device is no terminal', t => {
	const fd = openSync('/dev/null', 'w');
	t.false(descriptorSink(fd).isTerminal);
	closeSync(fd);
});

test('JSON is one line that cannot confuse a terminal', t => {
	const value = {text: 'a\nb\u001b[31m\u009b31m\u007f'};
	const line = renderJson(value);
	t.notRegex(line.slice(0, -1), /[\u0000-\u001f\u007f-\u009f]/);
	t.deepEqual(JSON.parse(line), value);
});

const paints = test.macro(
	(t, isTerminal: boolean, environment: Record<string, string>, expected: string) => {
		const stdout = {isTerminal, write: () => true};
		t.is(paint({stdout, environment}, 'red', 'x'), expected);
	},
);

test('colours on a terminal', paints, true, {TERM: 'xterm'}, '\u001b[31mx\u001b[0m');
test('no colours elsewhere', paints, false, {TERM: 'xterm'}, 'x');
test('no colours where nobody wants them', paints, true, {NO_COLOR: '1'}, 'x');
test('an empty NO_COLOR wants colours', paints, true, {NO_COLOR: ''}, '\u001b[31mx\u001b[0m');
test('no colours on a dumb terminal', paints, true, {TERM: 'dumb'}, 'x');
