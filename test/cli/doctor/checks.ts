import test from 'ava';
import {checkGroups} from '../../../src/cli/doctor/check.js';
import {checks} from '../../../src/cli/doctor/checks.js';

test('every check has a name of its own', t => {
	const names = checks.map(({name}) => name);
	t.deepEqual([...new Set(names)], names);
});

test('every group has checks, and every check says what it looks at', t => {
	const groups = new Set(checks.map(({group}) => group));
	t.deepEqual([...groups], [...checkGroups]);
	for (const {name, about} of checks) {
		t.regex(name, /^[a-z][a-z-]*$/);
		t.regex(about, /^[^\n]{15,}[^.]$/, name);
	}
	t.true(checks.length >= 30);
});
