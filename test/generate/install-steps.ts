import test from 'ava';
import {planServiceFiles} from '../../src/generate/plan.js';
import {type Machine, planInstall} from '../../src/generate/steps.js';
import {serviceFacts, templates} from '../helpers/service-facts.js';

const stepsFor = (changes: Parameters<typeof serviceFacts>[0]) => {
	const facts = serviceFacts(changes);
	const machine = {init: 'systemd', hasUser: true, hasGroup: true, hasSysusers: true} as const;
	return planInstall(facts, planServiceFiles(facts, templates), machine);
};

test('a folder that root has made inside of another one becomes the user’s, too', t => {
	const folders = stepsFor({}).flatMap(step => (step.step === 'folder' ? [step.folder] : []));
	t.deepEqual(folders, ['/srv/app/var', '/srv/app/var/log', '/var/lib/app']);
});

test('only confs of the instance itself are shared with the group of the user', t => {
	const confs = ['/srv/app/etc/app-zeo.conf', '/etc/ssl/private/key.pem', '/srv/other/x.conf'];
	const shared = stepsFor({confs}).flatMap(step => (step.step === 'share' ? [step.file] : []));
	t.deepEqual(shared, ['/srv/app/etc/app-zeo.conf']);
});

test('what the server reads is shared before it starts', t => {
	const kinds = stepsFor({}).map(({step}) => step);
	t.true(kinds.lastIndexOf('share') < kinds.lastIndexOf('run'));
	t.true(kinds.includes('share'));
});

const accountSteps = (machine: Partial<Machine>) => {
	const facts = serviceFacts({user: 'zeoadm', group: 'zeo', home: '/srv/our app'});
	const none = {init: 'systemd', hasUser: false, hasGroup: false, hasSysusers: true} as const;
	const files = planServiceFiles(facts, templates, ['sysusers']);
	return planInstall(facts, files, {...none, ...machine})
		.flatMap(step => (step.step === 'run' ? [step.words] : []))
		.filter(([word = '']) => /sysusers|add$/.test(word));
};

test('a user is made with the numbers that the data has', t => {
	const numbers = {uid: 998, gid: 997};
	const file = ['systemd-sysusers', '/etc/sysusers.d/zeo-app.conf'];
	t.deepEqual(accountSteps({}), [file]);
	t.deepEqual(accountSteps({numbers}), [
		['systemd-sysusers', '--inline', 'g zeo 997', 'u zeoadm 998:zeo - "/srv/our app"'],
		file,
	]);
	const home = ['--home-dir', '/srv/our app', '--no-create-home'];
	t.deepEqual(accountSteps({hasSysusers: false}), [
		['groupadd', '--system', 'zeo'],
		['useradd', '--system', '--gid', 'zeo', ...home, 'zeoadm'],
	]);
	t.deepEqual(accountSteps({hasSysusers: false, numbers}), [
		['groupadd', '--system', '--gid', '997', 'zeo'],
		['useradd', '--system', '--uid', '998', '--gid', 'zeo', ...home, 'zeoadm'],
	]);
	t.deepEqual(
		accountSteps({hasSysusers: false, hasGroup: true, numbers: {...numbers, gid: undefined}}),
		[['useradd', '--system', '--uid', '998', '--gid', 'zeo', ...home, 'zeoadm']],
	);
});
