import test from 'ava';
import type {Finding} from '../../src/settings/check.js';
import {judgeByGeneration} from '../../src/settings/zeo-generation.js';

const unknown = (key: string): Finding => ({
	severity: 'error',
	message: `'${key}' is not a known key name`,
	file: '/etc/zeo.conf',
	line: 3,
	hint: undefined,
	text: undefined,
});

test('a key that ZEO 5 dropped is a warning where ZEO 4 is installed', t => {
	const [finding] = judgeByGeneration([unknown('monitor-address')], '4.3.1');
	t.like(finding, {
		severity: 'warning',
		message: "'monitor-address' is known to the installed ZEO 4.3.1, but no longer to ZEO 5",
		line: 3,
	});
});

test('a key that ZEO 5 dropped is an error where ZEO 5 or 6 is installed', t => {
	const findings = [unknown('authentication-database')];
	t.deepEqual(judgeByGeneration(findings, '5.4.1'), findings);
	t.deepEqual(judgeByGeneration(findings, '6.2'), findings);
});

test('a key that no ZEO knows stays an error', t => {
	const findings = [unknown('adress')];
	t.deepEqual(judgeByGeneration(findings, '4.3.1'), findings);
});
