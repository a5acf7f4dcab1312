import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findOwnName} from '../../src/cli/own-name.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const scene = (t: ExecutionContext) => {
	const folder = temporaryFolder(t);
	const script = path.join(folder, 'zeoctl.cjs');
	const [bin, other] = [path.join(folder, 'bin'), path.join(folder, 'other')];
	for (const each of [bin, other]) mkdirSync(each);
	for (const file of [script, path.join(other, 'zeoctl')]) writeFileSync(file, '', {mode: 0o755});
	symlinkSync(script, path.join(bin, 'zeoctl'));
	const nameOn = (...folders: readonly string[]) =>
		findOwnName(script, {searchPath: folders.join(':'), node: '/usr/bin/node'});
	return {script, bin, other, nameOn};
};

test('a zeoctl on PATH that is this one is called by its name', t => {
	const {bin, other, nameOn} = scene(t);
	t.deepEqual(nameOn('/nowhere', bin, other), ['zeoctl']);
});

test('behind another zeoctl, or without one on PATH, it is called by its path', t => {
	const {script, bin, other, nameOn} = scene(t);
	t.deepEqual(nameOn(other, bin), [script]);
	t.deepEqual(nameOn('/nowhere'), [script]);
});

test('a file that cannot be executed is given to node', t => {
	const {script, nameOn} = scene(t);
	chmodSync(script, 0o644);
	t.deepEqual(nameOn(), ['/usr/bin/node', script]);
});
