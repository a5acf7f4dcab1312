import test from 'ava';
import {accountEnvironment, becomeAccount, instanceAccount} from '../../src/cli/drop-privileges.js';
import {ZeoctlError} from '../../src/platform/errors.js';

const zope = {name: 'zope', uid: 99, gid: 5, home: '/srv/zope'};
const find = async (user: string) => (user === 'zope' || user === '99' ? zope : undefined);
const refuse = async (message: string) => new ZeoctlError('USAGE', message);

const identity = (euid: number) => {
	const deeds: string[] = [];
	return {
		deeds,
		geteuid: () => euid,
		initgroups: (user: string, group: number) => void deeds.push(`initgroups ${user} ${group}`),
		setgid: (group: number) => void deeds.push(`setgid ${group}`),
		setuid: (user: number) => void deeds.push(`setuid ${user}`),
	};
};

test('no user, no account', async t => {
	t.is(await instanceAccount({user: undefined, euid: 0, anyone: false, refuse, find}), undefined);
});

test('an unknown name is a usage error', async t => {
	await t.throwsAsync(instanceAccount({user: 'x', euid: 1000, anyone: true, refuse, find}), {
		message: "username 'x' not found",
		code: 'USAGE',
	});
});

test('an unknown uid is a usage error', async t => {
	await t.throwsAsync(instanceAccount({user: '99999', euid: 0, anyone: false, refuse, find}), {
		message: "uid '99999' not found",
	});
});

test('another user cannot become the instance’s', async t => {
	await t.throwsAsync(instanceAccount({user: 'zope', euid: 1000, anyone: false, refuse, find}), {
		message: 'only root can use -u USER to change users',
		code: 'USAGE',
	});
});

test('what only reads is open to anyone', async t => {
	t.is(await instanceAccount({user: 'zope', euid: 1000, anyone: true, refuse, find}), zope);
});

test('the user itself may do everything', async t => {
	t.is(await instanceAccount({user: '99', euid: 99, anyone: false, refuse, find}), zope);
});

test('root takes the groups first, then the group, then the user', t => {
	const root = identity(0);
	t.true(becomeAccount(zope, root));
	t.deepEqual(root.deeds, ['initgroups zope 5', 'setgid 5', 'setuid 99']);
});

test('anybody else stays who he is', t => {
	const user = identity(99);
	t.false(becomeAccount(zope, user));
	t.deepEqual(user.deeds, []);
});

test('root stays root where root is configured', t => {
	const root = identity(0);
	t.false(becomeAccount({...zope, name: 'root', uid: 0, gid: 0}, root));
	t.deepEqual(root.deeds, []);
});

test('defect 19: programs find the home of their user', t => {
	t.deepEqual(accountEnvironment(zope), {HOME: '/srv/zope', USER: 'zope', LOGNAME: 'zope'});
});
