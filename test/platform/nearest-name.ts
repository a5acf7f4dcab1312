import test from 'ava';
import {nearestName} from '../../src/platform/nearest-name.js';

const actions = ['start', 'stop', 'restart', 'status', 'kill', 'help', 'fg'];
const finds = test.macro((t, typed: string, expected: string | undefined) => {
	t.is(nearestName(typed, actions), expected);
});

test('a swapped pair', finds, 'stauts', 'status');
test('a missing letter', finds, 'stat', 'start');
test('another case', finds, 'STOP', 'stop');
test('a letter too many', finds, 'helpp', 'help');
test('nothing near', finds, 'bogus', undefined);
test('nothing near a long word', finds, 'reconfigure', undefined);
test('the empty word', finds, '', undefined);
