import test from 'ava';
import {renderBytes, renderDuration} from '../../src/platform/quantities.js';

const bytes = test.macro((t, value: number, text: string) => {
	t.is(renderBytes(value), text);
});
const duration = test.macro((t, value: number, text: string) => {
	t.is(renderDuration(value), text);
});

test('bytes', bytes, 4, '4 bytes');
test('kilobytes', bytes, 266_240, '260 KB');
test('a decimal where it says something', bytes, 1536, '1.5 KB');
test('no fourth digit', bytes, 10_188, '9.9 KB');
test('the next unit in time', bytes, 1024 * 1024 - 1, '1.0 MB');
test('gigabytes', bytes, 7 * 1024 ** 3, '7.0 GB');
test('seconds', duration, 59.9, '59 s');
test('minutes and seconds', duration, 61, '1 min 1 s');
test('whole minutes', duration, 120, '2 min');
test('hours and minutes', duration, 7500, '2 h 5 min');
test('days and hours', duration, 90_000, '1 d 1 h');
test('days without hours', duration, 86_460, '1 d');
test('a clock that went back', duration, -5, '0 s');
