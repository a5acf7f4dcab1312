import test from 'ava';
import {
	existingDirpath,
	existingFile,
	existingParentDirectory,
	existingParentDirpath,
	existingPath,
	expandUser,
	parentOf,
} from '../../src/schema/paths.js';
import {surroundings} from '../helpers/surroundings.js';

const here = surroundings();

for (const [path, expected] of [
	['~', '/home/me'],
	['~/x', '/home/me/x'],
	['~bob/x', '/home/bob/x'],
	['~bob', '/home/bob'],
	['~nobody/x', '~nobody/x'],
	['x~', 'x~'],
] as const) {
	test(`${path} expands to ${expected}`, t => {
		t.is(expandUser(path, here), expected);
	});
}

test('an empty or root home keeps the path absolute', t => {
	t.is(expandUser('~/x', {homeOf: () => '/'}), '/x');
	t.is(expandUser('~', {homeOf: () => ''}), '/');
});

test('the parent of a path is its folder part', t => {
	for (const [path, parent] of [
		['/a/b', '/a'],
		['/a', '/'],
		['a//b', 'a'],
		['//a', '//'],
		['a', ''],
		['a/', 'a'],
	] as const) {
		t.is(parentOf(path), parent, path);
	}
	t.is(parentOf(`${'/'.repeat(300_000)}a`).length, 300_000);
});

const missing = (path: string) => ({
	message: `The directory named as part of the path ${path} does not exist.`,
});

test('an existing dirpath needs its folder, unless it is a bare name', t => {
	t.is(existingDirpath('/tmp/x', here), '/tmp/x');
	t.is(existingDirpath('~/x', here), '/home/me/x');
	t.is(existingDirpath('x', here), 'x');
	t.is(existingDirpath('', here), '');
	t.throws(() => existingDirpath('/no/x', here), missing('/no/x'));
	t.throws(() => existingDirpath('~bob/x', here), missing('~bob/x'));
});

test('a folder may be missing if the one above it exists', t => {
	t.is(existingParentDirectory('/tmp', here), '/tmp');
	t.is(existingParentDirectory('/tmp/new', here), '/tmp/new');
	t.throws(() => existingParentDirectory('/no/new', here), {
		message: '/no/new is not an existing directory',
	});
	t.throws(() => existingParentDirectory('new', here), {
		message: 'new is not an existing directory',
	});
});

test('the folder of a socket may be missing if the one above it exists', t => {
	t.is(existingParentDirpath('/tmp/new/sock', here), '/tmp/new/sock');
	t.is(existingParentDirpath('zdsock', here), 'zdsock');
	t.is(existingParentDirpath('new/sock', here), 'new/sock');
	t.is(existingParentDirpath('rel/new/sock', here), 'rel/new/sock');
	t.throws(() => existingParentDirpath('/no/new/sock', here), missing('/no/new/sock'));
	t.throws(() => existingParentDirpath('a/b/sock', here), missing('a/b/sock'));
});

test('an existing path or file must be there', t => {
	t.is(existingPath('/tmp/file', here), '/tmp/file');
	t.throws(() => existingPath('~/no', here), {message: '~/no is not an existing path'});
	t.throws(() => existingFile('', here), {message: ' is not an existing file'});
});
