import test from 'ava';
import {needsConf} from '../../../src/cli/doctor/check.js';
import {doctorDocument} from '../../../src/cli/doctor/document.js';
import type {Examined} from '../../../src/cli/doctor/examine.js';
import {error, fine, idle, warning} from '../../../src/cli/doctor/finding.js';
import {renderExamination} from '../../../src/cli/doctor/render.js';
import {fakeSystem} from '../../helpers/fake-system.js';

const examined: readonly Examined[] = [
	{group: 'data', name: 'content', level: 'ok', findings: [fine('as it should be')]},
	{
		group: 'conf',
		name: 'mistakes',
		level: 'error',
		findings: [
			error('a bad\x1b[31m name\x07', {advice: 'write it well', command: 'zeoctl check'}),
			warning('another one', {}),
		],
	},
	{group: 'mail', name: 'exit', level: 'idle', findings: [idle('no <mail>')]},
];

const render = (terminal: boolean, showsIdle = false): string =>
	renderExamination(fakeSystem([], {terminal}), examined, {showsIdle});

test('findings stand below their group, with what to do, and a summary ends them', t => {
	t.deepEqual(render(false).split('\n'), [
		'conf',
		'  error    mistakes  a bad name\\x07',
		'           write it well',
		'           next: zeoctl check',
		'  warning            another one',
		'data',
		'  ok       content   as it should be',
		'3 checks: 1 ok, no warnings, 1 error, 1 about nothing here',
		'',
	]);
});

test('what there is nothing of is shown where it is asked for', t => {
	t.regex(render(false, true), /^mail\n {2}none {5}exit {6}no <mail>$/m);
});

test('what waits for a better conf is shown where it is asked for', t => {
	const blocked: readonly Examined[] = [
		{group: 'data', name: 'content', level: 'unknown', findings: [needsConf]},
	];
	const text = (showsIdle: boolean): string =>
		renderExamination(fakeSystem([]), blocked, {showsIdle});
	t.is(text(false), '1 checks: 0 ok, no warnings, no errors, 1 not to be seen\n');
	t.regex(text(true), /unknown {2}content {2}the conf does not tell/);
});

test('a terminal gets colours, anything else does not', t => {
	t.regex(render(true), /\x1b\[31merror\x1b\[0m {4}mistakes/);
	t.regex(render(true), /\x1b\[31m3 checks: .*\x1b\[0m/);
	t.false(render(false).includes('\x1b'));
});

test('the document holds every finding, null where there is nothing to do', t => {
	const document = doctorDocument(examined);
	t.false(document.ok);
	t.deepEqual(document.counts, {ok: 1, warning: 0, error: 1, unknown: 0, idle: 1});
	t.deepEqual(document.checks[0], {
		...{group: 'data', name: 'content', level: 'ok'},
		findings: [{level: 'ok', message: 'as it should be', advice: null, command: null}],
	});
	t.true(doctorDocument(examined.slice(0, 1)).ok);
});
