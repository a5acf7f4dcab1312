import test from 'ava';
import {sourceReader} from '../../src/zconfig/include.js';

const systemError = (code: string, errno: number, text: string) =>
	Object.assign(new Error(`${code}: ${text}, open 'x'`), {code, errno});

const problemOf = (location: string, readFile: (path: string) => Uint8Array) => {
	const source = sourceReader(readFile, '/cwd')(location);
	return source.ok ? undefined : source.problem;
};

const text = (content: string) => () => Buffer.from(content);

test('a path is read below the current folder', t => {
	const paths: string[] = [];
	const source = sourceReader(path => {
		paths.push(path);
		return Buffer.from('x');
	}, '/cwd')('a b.conf');
	t.deepEqual(source, {ok: true, url: 'file:///cwd/a%20b.conf', text: 'x'});
	t.deepEqual(paths, ['/cwd/a b.conf']);
});

test('a URL is read, and one slash is as good as three', t => {
	t.like(sourceReader(text('x'), '/')('file:/x/y'), {url: 'file:///x/y'});
});

test('a URL without a slash counts from the folder of the caller, and is told as it is written', t => {
	const paths: string[] = [];
	const read = sourceReader(file => {
		paths.push(file);
		return Buffer.from('x');
	}, '/cwd');
	t.like(read('file:x.conf'), {ok: true, url: 'file:x.conf'});
	t.like(read('file:./a%20b'), {ok: true, url: 'file:./a%20b'});
	t.deepEqual(paths, ['/cwd/x.conf', '/cwd/a b']);
	const problem = problemOf('file:nope.conf', () => {
		throw systemError('ENOENT', -2, 'no such file or directory');
	});
	t.is(
		problem?.message,
		"error opening URL file:nope.conf: [Errno 2] No such file or directory: 'nope.conf'",
	);
});

test('a byte-order mark stays in the text', t => {
	const source = sourceReader(text('\ufeffx'), '/')('x');
	t.is(source.ok ? source.text : '', '\ufeffx');
});

for (const [code, errno, words, expected] of [
	['ENOENT', -2, 'no such file or directory', "[Errno 2] No such file or directory: '/cwd/x'"],
	['EACCES', -13, 'permission denied', "[Errno 13] Permission denied: '/cwd/x'"],
	['EISDIR', -21, 'illegal operation on a directory', "[Errno 21] Is a directory: '/cwd/x'"],
	['ENOTDIR', -20, 'not a directory', "[Errno 20] Not a directory: '/cwd/x'"],
] as const) {
	test(`${code} is told in the words of Python`, t => {
		const problem = problemOf('x', () => {
			throw systemError(code, errno, words);
		});
		t.like(problem, {message: `error opening file /cwd/x: ${expected}`, style: 'none'});
	});
}

test('another scheme is refused by name', t => {
	t.is(
		problemOf('http://h/zeo.conf', text(''))?.message,
		'error opening URL http://h/zeo.conf: only files can be read',
	);
});

test('a fragment is refused', t => {
	t.is(problemOf('file:///x#y', text(''))?.message, 'fragment identifiers are not supported');
	t.is(problemOf('file:///x#', text('')), undefined);
	t.is(problemOf('/x#y', text('')), undefined);
});

test('bytes that are not UTF-8 are refused with their line', t => {
	const bytes = Buffer.concat([Buffer.from('a\nä\nb'), Buffer.from([0xff]), Buffer.from('\n')]);
	t.like(
		problemOf('x', () => bytes),
		{
			message: 'the file is not UTF-8 text',
			style: 'structure',
			url: 'file:///cwd/x',
			line: 3,
		},
	);
	t.like(
		problemOf('x', () => Buffer.from([0x61, 0xc3])),
		{line: 1},
	);
});

test('a zero byte in a name is an error, not an exception', t => {
	t.regex(problemOf('file:///a%00b', text(''))?.message ?? '', /embedded null byte$/);
});
