import test from 'ava';
import {againIfGone} from '../../src/cli/again-if-gone.js';
import {ZeoctlError} from '../../src/platform/errors.js';

const failingOnce = (error: Error) => {
	let calls = 0;
	return async () => {
		calls += 1;
		if (calls === 1) throw error;
		return calls;
	};
};

test('what a supervisor did not answer because it left is tried once more', async t => {
	const gone = new ZeoctlError('NOT_RUNNING', 'the supervisor closed the connection');
	t.is(await againIfGone(failingOnce(gone)), 2);
	await t.throwsAsync(
		againIfGone(() => Promise.reject(gone)),
		{is: gone},
	);
});

test('any other failure is told at once', async t => {
	const refused = new ZeoctlError('START_FAILED', 'refused');
	await t.throwsAsync(againIfGone(failingOnce(refused)), {is: refused});
});
