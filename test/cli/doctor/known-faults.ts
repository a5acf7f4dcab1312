import test from 'ava';
import {compareVersions, findFaults} from '../../../src/cli/doctor/known-faults.js';

const order = test.macro((t, one: string, other: string, expected: number) => {
	t.is(Math.sign(compareVersions(one, other)), expected);
	t.is(Math.sign(compareVersions(other, one)), expected === 0 ? 0 : -expected);
});

test('numbers are compared as numbers', order, '5.10', '5.9.3', 1);
test('a missing number is 0', order, '6.0', '6.0.0', 0);
test('what follows the numbers does not count', order, '6.0.1.dev0', '6.0.1', 0);
test('the first number counts most', order, '20.19.0', '9.99', 1);

const faults = test.macro(
	(t, name: 'ZEO' | 'ZODB', version: string, fixedIn: readonly string[]) => {
		t.deepEqual(
			findFaults(name, version).map(fault => fault.fixedIn),
			fixedIn,
		);
	},
);

test('ZEO 5.2.2 is known to damage data', faults, 'ZEO', '5.2.2', ['5.2.3']);
test('ZEO 5.2.3 is not', faults, 'ZEO', '5.2.3', []);
test('ZEO 4 had it differently', faults, 'ZEO', '4.3.1', []);
test('ZEO 6 is fine', faults, 'ZEO', '6.2', []);
test('ZODB 5.5 begins transactions with old data', faults, 'ZODB', '5.5.1', ['5.6.0']);
test('ZODB 6.0 restores wrongly', faults, 'ZODB', '6.0', ['6.0.1']);
test('ZODB 6.4 is fine', faults, 'ZODB', '6.4', []);
