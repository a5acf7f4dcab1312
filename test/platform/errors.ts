import test from 'ava';
import {errorMessage, systemErrorCode} from '../../src/platform/errors.js';

test('an error of the system that Node cannot name has its name and its words', t => {
	const text = 'Unknown system error -122';
	const error = Object.assign(new Error(`${text}: ${text}, write`), {code: text});
	t.is(systemErrorCode(error), 'EDQUOT');
	t.is(errorMessage(error), 'EDQUOT: disk quota exceeded, write');
});

test('other errors are as they are', t => {
	const error = Object.assign(new Error('ENOENT: no such file or directory'), {code: 'ENOENT'});
	t.is(systemErrorCode(error), 'ENOENT');
	t.is(errorMessage(error), 'ENOENT: no such file or directory');
	t.is(systemErrorCode('text'), undefined);
	t.is(errorMessage('text'), 'text');
});
