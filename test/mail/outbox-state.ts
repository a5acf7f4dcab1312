import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readOutboxState} from '../../src/mail/outbox-state.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

const nameOf = (at: number): string => `${at}-bad-1-${at + 300}-0123456789abcdef.json`;

test('what waits, what was given up and since when', t => {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'outbox/given-up'), {recursive: true});
	for (const name of [nameOf(3000), nameOf(1000), 'reasons', `given-up/${nameOf(500)}`])
		writeFileSync(path.join(folder, 'outbox', name), '{}');
	t.deepEqual(readOutboxState(folder), {waiting: 2, givenUp: 1, oldest: 1000});
});

test('an outbox that is not there is empty', t => {
	t.deepEqual(readOutboxState(temporaryFolder(t)), {waiting: 0, givenUp: 0, oldest: undefined});
});
