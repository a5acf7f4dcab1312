import test from 'ava';
import {nearestName} from '../../src/platform/nearest-name.js';
import {hintFor} from '../../src/settings/suggest.js';

const keys = [
	'program',
	'socket-name',
	'daemon',
	'directory',
	'umask',
	'user',
	'stop-timeout',
	'start-timeout',
];

for (const [typed, meant] of [
	['progam', 'program'],
	['porgram', 'program'],
	['programm', 'program'],
	['socket_name', 'socket-name'],
	['SOCKETNAME', 'socket-name'],
	['usr', 'user'],
	['stoptimeout', 'stop-timeout'],
	['unmask', 'umask'],
	['colour', undefined],
	['x', undefined],
	['', undefined],
	['program'.repeat(20), undefined],
] as const) {
	test(`${typed.slice(0, 20) || 'nothing'} probably means ${meant ?? 'nothing known'}`, t => {
		t.is(nearestName(typed, keys), meant);
	});
}

test('a name of the prototype suggests nothing', t => {
	const subject = {kind: 'unknown-key', section: 'zeo', container: 1, known: []} as const;
	t.is(hintFor({...subject, name: 'constructor'}), undefined);
});

test('keys that ZEO dropped are explained', t => {
	const subject = {kind: 'unknown-key', section: 'zeo', container: 1, known: ['address']} as const;
	t.regex(
		hintFor({...subject, name: 'Monitor-Address'}) ?? '',
		/^ZEO 5 removed the monitor server/,
	);
	t.regex(hintFor({...subject, name: 'authentication-realm'}) ?? '', /<ssl>/);
	t.is(hintFor({...subject, section: 'runner', name: 'monitor-address'}), undefined);
});

test('hints ask for what was probably meant', t => {
	const base = {section: 'runner', container: 1} as const;
	t.is(
		hintFor({...base, kind: 'unknown-key', name: 'progam', known: keys}),
		"did you mean 'program'?",
	);
	t.is(
		hintFor({...base, kind: 'unknown-section', name: 'runer', known: ['runner', 'zeo']}),
		'did you mean <runner>?',
	);
	t.is(hintFor({...base, kind: 'missing-key', name: 'program', known: []}), undefined);
});
