import {closeSync, fstatSync, openSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {isJournal, readWatchdogUsec} from '../../src/systemd/service-environment.js';
import {temporaryFolder} from '../helpers/temporary-folder.js';

test('the interval of the watchdog is a whole number of microseconds, or there is none', t => {
	t.is(readWatchdogUsec({WATCHDOG_USEC: '30000000'}), 30_000_000);
	for (const WATCHDOG_USEC of ['', '0', '-1', '1e3', 'soon'])
		t.is(readWatchdogUsec({WATCHDOG_USEC}), undefined);
	t.is(readWatchdogUsec({}), undefined);
});

test('a descriptor is the journal only if it is the stream that systemd names', t => {
	const descriptor = openSync(path.join(temporaryFolder(t), 'file'), 'w');
	t.teardown(() => closeSync(descriptor));
	const {dev, ino} = fstatSync(descriptor);
	t.true(isJournal({JOURNAL_STREAM: `${dev}:${ino}`}, descriptor));
	t.false(isJournal({JOURNAL_STREAM: `${dev}:${ino + 1}`}, descriptor));
	t.false(isJournal({}, descriptor));
	t.false(isJournal({JOURNAL_STREAM: `${dev}:${ino}`}, 999_999));
});
