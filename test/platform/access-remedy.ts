import test from 'ava';
import {type Closed, isSharedFolder, planAccess} from '../../src/platform/access-remedy.js';

const zope = {user: 'zope', isRoot: false};
const folder = (path: string, more: Partial<Closed> = {}): Closed => ({
	path,
	...{isFolder: true, isOwn: false, mode: 0o755},
	...more,
});
const file = (path: string, more: Partial<Closed> = {}): Closed => ({
	path,
	...{isFolder: false, isOwn: false, mode: 0o644},
	...more,
});

for (const shared of [
	'/',
	'/var/log',
	'/var/lib',
	'/etc',
	'/etc/ssl/private',
	'/run',
	'/srv',
	'/home/alice',
])
	test(`${shared} is never given to one user`, t => {
		const {command, advice} = planAccess([folder(shared), file(`${shared}/Data.fs`)], zope);
		t.is(command, `sudo install -d -o zope ${shared === '/' ? '' : shared}/zeo-zope`);
		t.regex(advice ?? '', /name that in the conf/);
	});

test('a folder that everybody writes to is never given to one user', t => {
	t.true(isSharedFolder('/srv/exchange/all', 0o1777));
	t.false(isSharedFolder('/srv/exchange/all', 0o777));
});

for (const own of [
	'/srv/zeo',
	'/opt/zeo/var',
	'/var/lib/zeo',
	'/var/log/zeo',
	'/home/zope/zeo',
	'/libzeo/a',
])
	test(`${own} may be given to the user of the service`, t => {
		t.deepEqual(planAccess([folder(own)], zope), {
			command: `sudo chown zope ${own}`,
			advice: undefined,
		});
	});

test('what already belongs to the user gets another mode, and what does not another owner', t => {
	const closed = [
		folder('/srv/zeo/var', {isOwn: true, mode: 0}),
		file('/srv/zeo/var/Data.fs', {isOwn: true}),
		file('/srv/zeo/var/Data fs'),
	];
	t.is(
		planAccess(closed, {user: 'zope', isRoot: true}).command,
		"chown zope '/srv/zeo/var/Data fs' && chmod u+rwx /srv/zeo/var && chmod u+rw /srv/zeo/var/Data.fs",
	);
});
