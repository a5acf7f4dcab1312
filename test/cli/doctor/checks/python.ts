import test from 'ava';
import {judgePackages, judgeVersion} from '../../../../src/cli/doctor/checks/python.js';
import type {Level} from '../../../../src/cli/doctor/finding.js';
import type {PythonFacts} from '../../../../src/cli/doctor/python-facts.js';
import {examination} from '../../../helpers/examined.js';

const factsOf = (version: string, pythons: readonly string[]): PythonFacts => ({
	python: '/srv/env/bin/python',
	version,
	trouble: undefined,
	packages: {
		ZEO: {version: '6.2', pythons},
		ZODB: {version: '6.4', pythons: ['3', '3.11', 'Implementation :: CPython']},
	},
});

const fits = test.macro((t, version: string, pythons: readonly string[], expected: Level) => {
	t.is(judgeVersion(factsOf(version, pythons))[0]?.level, expected);
});

test('a Python that both packages know', fits, '3.11.7', ['3', '3.10', '3.11'], 'ok');
test('a Python that is too new for one of them', fits, '3.14.0', ['3.11', '3.14'], 'warning');
test('a package that names no Python is not asked', fits, '3.11.7', ['3'], 'ok');

test('without ZEO no server can run', t => {
	const facts = {...factsOf('3.11.7', []), packages: {}};
	t.like(judgePackages(facts)[0], {
		level: 'error',
		command: '/srv/env/bin/python -m pip install ZEO',
	});
});

test('a server that cannot be imported is an error, with the reason', t => {
	const facts = {...factsOf('3.11.7', []), trouble: 'ImportError: no module zope'};
	t.like(judgePackages(facts)[0], {level: 'error'});
	t.regex(judgePackages(facts)[0]?.message ?? '', /zope/);
});

test('the packages of a server are named', t => {
	t.is(judgePackages(factsOf('3.11.7', []))[0]?.message, 'ZEO 6.2, ZODB 6.4');
});

test('a program without a Python is not asked', async t => {
	const {levels} = examination(t);
	for (const name of ['interpreter', 'packages', 'known-faults'])
		t.regex((await levels(name))[0] ?? '', /^idle: /);
});

test('a version with a known fault is an error, and pip repairs it', async t => {
	const {write, findings} = examination(t);
	const facts = {
		version: '3.11.7',
		trouble: null,
		packages: {ZEO: {version: '5.2.2', pythons: []}},
	};
	const python = write('python3', `#!/bin/sh\necho '${JSON.stringify(facts)}'\n`, 0o755);
	write('runzeo', `#!${python}\n`, 0o755);
	const [finding] = await findings('known-faults');
	t.is(finding?.level, 'error');
	t.is(finding?.command, `${python} -m pip install 'ZEO>=5.2.3'`);
});
