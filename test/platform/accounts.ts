import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {findAccount} from '../../src/platform/accounts.js';
import {parsePasswd} from '../../src/platform/passwd.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const passwd = `root:x:0:0:root:/root:/bin/sh
zope:x:99:5:Zope, Corp:/srv/zope:/bin/sh
1234:x:77:77::/home/odd:/bin/sh
# comment
broken:x:abc:5::/:
short:x:1
`;
const zope = {name: 'zope', uid: 99, gid: 5, home: '/srv/zope'};

const sources = (t: Parameters<typeof temporaryFolder>[0], answer = '') => {
	const passwdFile = path.join(temporaryFolder(t), 'passwd');
	writeFileSync(passwdFile, passwd);
	const asked: string[] = [];
	return {
		asked,
		passwdFile,
		ask: async (key: string) => {
			asked.push(key);
			return answer;
		},
	};
};

test('lines that are no accounts are left out', t => {
	t.deepEqual(
		parsePasswd(passwd).map(({name}) => name),
		['root', 'zope', '1234'],
	);
});

test('a name is found without asking anybody', async t => {
	const from = sources(t);
	t.deepEqual(await findAccount('zope', from), zope);
	t.deepEqual(from.asked, []);
});

test('a number is a uid, never a name', async t => {
	const from = sources(t);
	t.deepEqual(await findAccount(' 99 ', from), zope);
	t.is(await findAccount('1234', from), undefined);
});

test('accounts of other sources are asked for', async t => {
	const from = sources(t, 'ldap:*:5000:100::/home/ldap:/bin/sh\n');
	t.like(await findAccount('ldap', from), {uid: 5000, gid: 100, home: '/home/ldap'});
	t.deepEqual(from.asked, ['ldap']);
});

test('an answer about somebody else is none', async t => {
	t.is(await findAccount('nobody-here', sources(t, 'other:x:1:1::/:\n')), undefined);
});

test('a missing file is no error', async t => {
	const from = {passwdFile: '/no/such/file', ask: async () => ''};
	t.is(await findAccount('zope', from), undefined);
});

test('the real database knows root', async t => {
	t.like(await findAccount('root'), {name: 'root', uid: 0});
	t.is(await findAccount('no-such-user-here'), undefined);
	t.is(await findAccount('--help'), undefined);
});
