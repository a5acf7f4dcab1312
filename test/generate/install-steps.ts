import test from 'ava';
import {planServiceFiles} from '../../src/generate/plan.js';
import {planInstall} from '../../src/generate/steps.js';
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
