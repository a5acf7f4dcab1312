import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {fullUnit, stopSeconds} from '../../../src/cli/doctor/unit-settings.js';
import {temporaryFolder} from '../../helpers/temporary-folder.js';

const seconds = test.macro((t, text: string, expected: number | undefined) => {
	t.is(stopSeconds(`[Service]\n${text}\n`), expected);
});

test('a number is seconds', seconds, 'TimeoutStopSec=960', 960);
test('units are understood', seconds, 'TimeoutStopSec=1h 30min 5s', 5405);
test('infinity is for ever', seconds, 'TimeoutStopSec=infinity', Number.POSITIVE_INFINITY);
test('0 is for ever, too', seconds, 'TimeoutStopSec=0', Number.POSITIVE_INFINITY);
test('TimeoutSec is for both', seconds, 'TimeoutSec=20', 20);
test('the last one counts', seconds, 'TimeoutStopSec=20\nTimeoutStopSec=30', 30);
test('without a line it is that of systemd', seconds, 'TimeoutStartSec=20', undefined);
test('an empty value resets it', seconds, 'TimeoutStopSec=20\nTimeoutStopSec=', undefined);

test('drop-ins count after the unit', t => {
	const unit = path.join(temporaryFolder(t), 'a.service');
	mkdirSync(`${unit}.d`);
	writeFileSync(unit, 'TimeoutStopSec=20\n');
	writeFileSync(`${unit}.d/b.conf`, 'TimeoutStopSec=40\n');
	writeFileSync(`${unit}.d/a.conf`, 'TimeoutStopSec=30\n');
	writeFileSync(`${unit}.d/c.txt`, 'TimeoutStopSec=50\n');
	t.is(stopSeconds(fullUnit(unit)), 40);
});
