import test from 'ava';
import {isPath, joinUrl, pathToUrl, urlToPath} from '../../src/zconfig/url.js';

test('a scheme of two or more letters makes a URL', t => {
	for (const text of ['file:///x', 'http://x', 'a1+.-:x']) t.false(isPath(text), text);
	for (const text of ['/x', 'x', 'c:\\x', '1a:x', './a:b', ':x']) t.true(isPath(text), text);
});

test('a path becomes an absolute URL with everything unusual encoded', t => {
	t.is(pathToUrl('a b/../ä~%.conf', '/x'), 'file:///x/%C3%A4~%25.conf');
	t.is(pathToUrl('/etc/zeo.conf', '/x'), 'file:///etc/zeo.conf');
});

test('a URL becomes a path of this machine', t => {
	t.deepEqual(urlToPath('file:///a%20b/%C3%A4'), {path: '/a b/ä'});
	t.deepEqual(urlToPath('file://localhost/x'), {path: '/x'});
	t.deepEqual(urlToPath('file:///x%zz?y'), {path: '/x%zz?y'});
	t.deepEqual(urlToPath('file:a%20b'), {path: 'a b'});
	t.deepEqual(urlToPath('FILE:./x?y'), {path: './x?y'});
	t.like(urlToPath('file://host/x'), {reason: 'file:// scheme is supported only on localhost'});
	t.like(urlToPath('http://x/y'), {reason: 'only files can be read'});
	t.like(urlToPath('foo:y'), {reason: 'unknown url type: foo'});
});

test('what is below a conf without a folder is looked for in the root, as by ZConfig', t => {
	t.is(joinUrl('file:f.conf', 'b.conf'), 'file:///b.conf');
	t.is(joinUrl('file:d/f.conf', 'b.conf'), 'file:///d/b.conf');
});

for (const [relative, expected] of [
	['b.conf', 'file:///d/e/b.conf'],
	['./b.conf', 'file:///d/e/b.conf'],
	['../b.conf', 'file:///d/b.conf'],
	['../../../b.conf', 'file:///b.conf'],
	['/b.conf', 'file:///b.conf'],
	['x//y', 'file:///d/e/x/y'],
	['a b', 'file:///d/e/a b'],
	['b?q#f', 'file:///d/e/b?q#f'],
	['file:///z', 'file:///z'],
	['FILE:z', 'file:///d/e/z'],
	['//host/z', 'file:////host/z'],
	['b?', 'file:///d/e/b'],
	['///z', 'file:///z'],
	['http://h/z', 'http://h/z'],
	['c:z', 'c:z'],
	['.', 'file:///d/e/'],
	['..', 'file:///d/'],
	['', 'file:///d/e/f.conf'],
	['#f', 'file:///d/e/f.conf#f'],
] as const) {
	test(`${relative || 'nothing'} below a conf is ${expected}`, t => {
		t.is(joinUrl('file:///d/e/f.conf', relative), expected);
	});
}
