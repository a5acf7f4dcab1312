import test from 'ava';
import {countGivenUp} from '../../src/mail/given-up.js';
import {openSpool} from '../../src/mail/spool.js';
import {messageOf} from '../helpers/messages.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('only what was given up counts', t => {
	const folder = temporaryFolder(t);
	t.is(countGivenUp(folder), 0);
	const spool = openSpool(folder);
	spool.put(messageOf('m1'));
	t.is(countGivenUp(folder), 0);
	for (const entry of spool.list()) spool.giveUp(entry, 'enough');
	t.is(countGivenUp(folder), 1);
});
