import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {loadCompiled, nodeBuild} from '../../src/platform/code-cache.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const source = '(function (exports) { exports.answer = () => 6 * 7; })';

// Of one name and text V8 itself knows the code for as long as a process lives.
const load = (file: string, cacheFile: string | undefined) =>
	loadCompiled(file, {name: file, cacheFile}, id => id);

const answerOf = ({exports}: ReturnType<typeof load>): number =>
	(exports as {answer: () => number}).answer();

test('what V8 made of a file is kept once and used from then on', t => {
	const file = path.join(temporaryFolder(t), 'answer.cjs');
	const cacheFile = `${file}.code`;
	fs.writeFileSync(file, source);
	const first = load(file, cacheFile);
	t.is(answerOf(first), 42);
	first.save();
	const {ino} = fs.statSync(cacheFile);
	const second = load(file, cacheFile);
	t.is(answerOf(second), 42);
	second.save();
	t.is(fs.statSync(cacheFile).ino, ino, 'it is not written again');
	t.deepEqual(fs.readdirSync(path.dirname(file)).toSorted(), ['answer.cjs', 'answer.cjs.code']);
});

test('what is no code of V8 is replaced', t => {
	const file = path.join(temporaryFolder(t), 'answer.cjs');
	const cacheFile = `${file}.code`;
	fs.writeFileSync(file, source);
	fs.writeFileSync(cacheFile, 'no code');
	const loaded = load(file, cacheFile);
	t.is(answerOf(loaded), 42);
	loaded.save();
	t.true(fs.statSync(cacheFile).size > 100);
});

test('without a name nothing is kept', t => {
	const file = path.join(temporaryFolder(t), 'answer.cjs');
	fs.writeFileSync(file, source);
	const loaded = load(file, undefined);
	t.is(answerOf(loaded), 42);
	loaded.save();
	t.deepEqual(fs.readdirSync(path.dirname(file)), ['answer.cjs']);
});

test('a build of Node is named by its version, its processor, the size and the time of its file', t => {
	const {size, mtime} = fs.statSync(fs.realpathSync(process.execPath));
	const time = Math.floor(mtime.getTime() / 1000);
	t.is(nodeBuild(), `${process.version}-${process.arch}-${size}-${time}`);
});
