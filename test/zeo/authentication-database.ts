import test from 'ava';
import {
	addUser,
	deleteUser,
	inRealm,
	parseAuthenticationDatabase,
	renderAuthenticationDatabase,
} from '../../src/zeo/authentication-database.js';

/** Written by zeopasswd of ZEO 4.3.1. */
const recorded = 'realm My Realm\nalice: 0877bbd92f88fe4d39577bf5621887f8626fe756\n';
const empty = parseAuthenticationDatabase('');

test('a user and a realm are written as ZEO 4 writes them', t => {
	const database = addUser(inRealm(empty, 'My Realm'), 'alice', 'secret');
	t.is(renderAuthenticationDatabase(database), recorded);
});

test('a file is read and written unchanged', t => {
	t.is(renderAuthenticationDatabase(parseAuthenticationDatabase(recorded)), recorded);
	t.is(renderAuthenticationDatabase(empty), '');
});

test('users are sorted, and one is deleted without the others', t => {
	const database = ['zoe', 'bob', 'Eve'].reduce((found, user) => addUser(found, user, 'x'), empty);
	const names = (text: string) => text.match(/^\w+/gm);
	t.deepEqual(names(renderAuthenticationDatabase(database)), ['Eve', 'bob', 'zoe']);
	t.deepEqual(names(renderAuthenticationDatabase(deleteUser(database, 'bob'))), ['Eve', 'zoe']);
});

for (const [what, act, message] of [
	[
		'a user who is there',
		() => addUser(parseAuthenticationDatabase(recorded), 'alice', 'x'),
		"user 'alice' is there already",
	],
	['a user who is not there', () => deleteUser(empty, 'bob'), "there is no user 'bob'"],
	[
		'another realm',
		() => inRealm(parseAuthenticationDatabase(recorded), 'Other'),
		"the realm of the file is 'My Realm'",
	],
	[
		'a realm for users who have none',
		() => inRealm(addUser(empty, 'a', 'x'), 'R'),
		'the users of the file have no realm, which cannot be changed',
	],
	[
		'a line that is none',
		() => parseAuthenticationDatabase('realm R\na: 1\nnonsense\n'),
		'line 3 is not "user: hash"',
	],
	[
		'a user like a realm',
		() => addUser(empty, 'realm x', 'x'),
		"ZEO would take a user 'realm x' for a realm",
	],
] as const) {
	test(`${what} is refused`, t => {
		t.throws(act, {message});
	});
}

for (const name of ['', ' a', 'a:b', 'a\nb', 'a\u2028b', 'a\0']) {
	test(`${JSON.stringify(name)} is refused as a user and as a realm`, t => {
		t.throws(() => addUser(empty, name, 'x'), {message: /^a user is a name/});
		if (name !== 'a:b') t.throws(() => inRealm(empty, name), {message: /^a realm is one line/});
	});
}
